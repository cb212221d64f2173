// The sandbox's home page: everything that can be clicked.
import { html, page, time } from './html.mjs';
import { subtypes } from './names.mjs';
import { what } from './pages.mjs';

const RECENT = 6; // fresh ones of each kind that are shown beside the ready cast
const MESSAGES = 20;
const NAMES = 60;

const link = (one, words) => html`<a href="/as/${one.sub}">${words}</a>`;

const facts = (rows) => html`<details><summary>资料</summary><dl>${rows.filter(([, value]) => value).map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl></details>`;

const identity = (one) => [['身份证号', one.id_no], ['手机号码', one.mobile]];
const site = (one) => [['网站名称', one.site_name], ['ICP备案号', one.icp], ['IP 地址', [...one.ip, ...one.ipv6].join(' ')]];

const personCard = (one) => html`<li class="card"><span class="sign" aria-hidden="true">${one.name[0]}</span><div>
<h3>${link(one, one.name)}</h3><p>${what(one)}</p><p class="chip">${one.domain}</p>
${facts([...identity(one), ...site(one)])}</div></li>`;

const officerCard = (one) => html`<li class="card"><span class="sign dark" aria-hidden="true">${one.name[0]}</span><div>
<h3>${link(one, one.name)}</h3><p>${one.unit_name}</p><p>审核 · ${one.region_name}</p></div></li>`;

const organisationCard = ([one, ...others]) => html`<li class="card"><span class="sign pale" aria-hidden="true">${subtypes[one.subtype].sign}</span><div>
<h3>${one.org_name}</h3><p>${subtypes[one.subtype].title} · ${one.region_name}</p>
<p>经办人：${[one, ...others].map((person) => html`${link(person, person.name)} `)}</p><p class="chip">${one.domain}</p>
${facts([['信用代码', one.org_id_no], ['法定代表人', one.legal_rep_name], ...site(one), ...[one, ...others].flatMap((person) => identity(person).map(([label, value]) => [`${person.name} ${label}`, value]))])}</div></li>`;

// The ready ones, then the latest fresh ones.
function shown(list) {
  return [...list.filter((one) => one.ready), ...list.filter((one) => !one.ready).slice(-RECENT).reverse()];
}

function organisations(people) {
  const groups = new Map();
  for (const one of people) groups.set(one.org_id_no, [...(groups.get(one.org_id_no) || []), one]);
  return shown([...groups.values()].map((group) => Object.assign(group, { ready: group[0].ready })));
}

// The outbox alone, for the page and for its refresh.
export function outboxList(messages) {
  if (!messages.length) return html`<p class="empty">还没有短信。</p>`;
  return html`<ol>${messages.slice(-MESSAGES).reverse().map(({ at, mobile, text }) => {
    const code = /\d{6}/.exec(text)?.[0];
    return html`<li><p><time datetime="${at}">${time(at).slice(11)}</time> → <b>${mobile.slice(0, 3)}****${mobile.slice(-4)}</b></p><p>${text}</p>
${code && html`<button type="button" class="copy" data-copy="${code}" hidden>复制 ${code}</button>`}</li>`;
  })}</ol>`;
}

const clockButton = (name, value, words) => html`<button name="${name}" value="${value}">${words}</button>`;

const INTERFACES = [
  ['POST /people', '{kind, region?, subtype?, unit_code?, name?, org_id_no?} 新的人或单位'], ['GET /people.json', '全部人员'], ['GET /outbox.json?mobile=', '短信'],
  ['POST /login', '{sub, authorization_url, refuse?} 不用浏览器登录'], ['GET|PUT /clock', '{offset_s} 平台时钟'], ['POST /dns', '{name, a, aaaa, cname?, remove?} 域名解析'],
  ['POST /sms', '短信网关（签名）'], ['GET /healthz', '是否就绪'],
];

export function homePage({ config, people, sms, dns, dnsAddress, clock }) {
  const all = people.all();
  const of = (kind) => all.filter((one) => one.kind === kind);
  const select = Object.entries(subtypes).map(([key, { title }]) => html`<option value="${key}">${title}</option>`);
  const head = (number, id, title, extra) => html`<div class="head"><h2 id="${id}"><span aria-hidden="true">${number}</span>${title}</h2>${extra}</div>`;
  const top = html`<div class="top"><div><h1>沙盒</h1><p>点一个人，就以他的身份登录平台</p></div>
<nav aria-label="本页"><a href="#people">人员</a><a href="#organisations">单位</a><a href="#officers">审核人员</a><a href="#sms">短信</a><a href="#dns">域名与网站</a><a href="#api">接口</a></nav>
<a class="button" href="${config.platform}/">打开平台</a></div>`;
  return page('首页', html`<main class="home">
<div>
<section aria-labelledby="people">${head(1, 'people', '人员', html`<form method="post" action="/people"><button name="kind" value="person">＋ 新的人</button></form>`)}
<ul class="cards three">${shown(of('person')).map(personCard)}</ul></section>
<section aria-labelledby="organisations">${head(2, 'organisations', '单位', html`<form method="post" action="/people"><label>类型 <select name="subtype">${select}</select></label>
<button name="kind" value="legal">＋ 新的单位</button></form>`)}
<ul class="cards two">${organisations(of('legal')).map(organisationCard)}</ul></section>
<section aria-labelledby="officers">${head(3, 'officers', '审核人员')}
<ul class="cards three">${shown(of('officer')).map(officerCard)}</ul></section>
</div>
<div>
<section aria-labelledby="sms">${head(4, 'sms', '短信发件箱')}<div class="box" id="outbox">${outboxList(sms.outbox())}</div></section>
<section aria-labelledby="clock">${head(5, 'clock', '时钟')}<div class="box"><p class="clock"><time>${time(Date.now())}</time></p>
<p>平台的期限、验证码、签名按这个时间算；登录时限按真实时间。</p>
<form method="post" action="/clock">${clockButton('add', 1800, '＋30 分钟')} ${clockButton('add', 86400, '＋1 天')} ${clockButton('add', 2592000, '＋30 天')} ${clockButton('set', 0, '恢复')}</form></div></section>
<section aria-labelledby="dns">${head(6, 'dns', '域名与网站')}<div class="box"><p>DNS <code>${dnsAddress}</code>，网站代理 <code>${config.url}</code></p>
<ul class="names">${dns.all().filter((one) => !one.cname || !one.name.startsWith('www.')).slice(-NAMES).map((one) => html`<li><code>${one.name}</code> ${one.cname ? `→ ${one.cname}` : [...(one.a || []), ...(one.aaaa || [])].join(' ') || '没有地址'}</li>`)}</ul></div></section>
<section aria-labelledby="api">${head(7, 'api', '接口')}<div class="box"><dl class="api">${INTERFACES.map(([call, words]) => html`<dt><code>${call}</code></dt><dd>${words}</dd>`)}</dl></div></section>
</div>
</main>`, { offset: clock.offset, script: true, top });
}
