// The small pages: login, errors, and the sites of the ready domains. The home page has a file of its own.
import { html, page } from './html.mjs';
import { subtypes } from './names.mjs';

export function what(one) {
  if (one.kind === 'officer') return one.unit_name;
  if (one.kind === 'legal') return `${one.org_name} · ${subtypes[one.subtype].title}`;
  return `个人 · ${one.region_name}`;
}

const choice = (one) => html`<li><button name="sub" value="${one.sub}"><span class="sign" aria-hidden="true">${one.name[0]}</span>
<span><b>登录为 ${one.name}</b><small>${what(one)}</small></span></button></li>`;

// The provider's page: who is logging in? found: people to choose from.
export function loginPage(key, uid, found, query, offset) {
  const title = key === 'officers' ? '审核人员登录' : '统一身份认证';
  const action = `/${key}/interaction/${uid}`;
  return page(title, html`<main class="narrow">
<h1>${title}</h1>
<p>点一个人，就以他的身份登录平台。</p>
<form method="post" action="${action}">
<ul class="people">${found.map(choice)}</ul>
${!found.length && html`<p role="status">没有叫“${query}”的人。</p>`}
<p><button class="refuse" name="refuse" value="1">拒绝</button></p>
</form>
<form method="get" action="${action}" class="find">
<label for="q">找别的人（姓名、单位或编号）</label>
<span><input id="q" name="q" value="${query}" maxlength="60" autocomplete="off"> <button>查找</button></span>
</form>
<p><a href="/">回到沙盒首页</a></p>
</main>`, { offset });
}

const SENTENCES = {
  invalid_redirect_uri: '平台给的返回地址没有登记过。',
  invalid_client: '没有登记过的平台。',
  invalid_request: '登录请求不对，或者已经过期。请回到平台重新点“用户登录”。',
  access_denied: '登录的人拒绝了。',
};

// out: {error, error_description} of the protocol; scripts read them from the attributes.
export function errorPage({ error, error_description: description = '' }) {
  return page('不能登录', html`<main class="narrow">
<h1>不能登录</h1>
<p data-error="${error}" data-description="${description}">${SENTENCES[error] || '身份平台不能完成这次登录。'}</p>
<p><code>${error}</code> ${description}</p>
<p><a href="/">回到沙盒首页</a></p>
</main>`);
}

export function notePage(title, sentence) {
  return page(title, html`<main class="narrow"><h1>${title}</h1><p role="alert">${sentence}</p><p><a href="/">回到沙盒首页</a></p></main>`);
}

// A web site as the outside sees it.
export function sitePage({ site_name: name, domain, icp, org_name: holder }) {
  return html`<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>${name}</title></head>
<body>
<main><h1>${name}</h1><p>欢迎访问${name}（${domain}）。</p></main>
<footer><p>${holder && html`主办单位：${holder} `}<a href="https://beian.miit.gov.cn/">${icp}</a></p></footer>
</body>
</html>
`.text;
}
