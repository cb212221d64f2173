// The officers' desk: own unit only, exclusive claims, plain views on record, decisions, numbers.
import { test, finish, check, equal, match, status, problem, broken, person, officer, request, URL, Client } from './lib/index.mjs';
import { anEntity, aSite, both, passed, submit, newDraft, draftOf, saveDraft, application, withdraw, claim, release, view, decide, reason, atOnce, noticesOf } from './lib/filing.mjs';

const region = '110101';
const fresh = () => person('legal', { region });
const desk = await officer(region);
const second = await officer(region);
const elsewhere = await officer('110108');

async function queued(who, id, query = '') {
  for (let page = 1; ; page++) {
    const { items } = (await who.api('GET', `/review/queue?size=100&page=${page}${query}`)).json;
    const found = items.find((one) => one.id === id);
    if (found || items.length < 100) return found;
  }
}

await test('an officer sees the queue of his unit only, oldest first, with age', async () => {
  const who = await fresh();
  const { siteApplication, entityApplication } = await both(who);
  const row = await queued(desk, siteApplication);
  equal([row.title, row.state, row.age_days, row.claimed_by, row.mine, row.entity_name], ['新办网站', 'waiting', 0, null, false, who.who.org_name]);
  check(await queued(desk, entityApplication, '&kind=entity'), 'the entity is there too');
  check(!(await queued(desk, entityApplication, '&kind=website')), 'narrowed to a kind');
  check(!(await queued(elsewhere, siteApplication)), 'another unit sees it');
  const times = (await desk.api('GET', '/review/queue?size=100')).json.items.map((one) => one.submitted);
  equal(times, [...times].sort(), 'order');
});

await test('an entity without a business is not in the queue and cannot be taken', async () => {
  const { entityApplication } = await anEntity(await fresh());
  check(!(await queued(desk, entityApplication)), 'in the queue');
  match(problem(await claim(desk, entityApplication), 409, 'not-now').detail, /尚未提交业务/);
});

await test('another unit, an applicant and nobody get nothing', async () => {
  const who = await fresh();
  const { siteApplication: id } = await both(who);
  const calls = (client) => [
    client.api('POST', `/applications/${id}/claim`), client.api('POST', `/applications/${id}/release`, {}),
    client.api('POST', `/review/applications/${id}/view`), client.api('POST', `/applications/${id}/decision`, { verdict: 'pass', reasons: [], rev: 0 }),
  ];
  for (const answer of await Promise.all(calls(elsewhere))) problem(answer, 404, 'not-found');
  for (const answer of await Promise.all(calls(who))) match(problem(answer, 403, 'wrong-audience').detail, /审核人员账号登录/);
  for (const answer of await Promise.all(calls(new Client()))) problem(answer, 401, 'not-logged-in');
  equal((await application(who, id)).state, 'waiting');
});

await test('taking a new entity takes its open businesses along, and the other way round', async () => {
  for (const first of ['entityApplication', 'siteApplication']) {
    const who = await fresh();
    const ids = await both(who);
    const answer = status(await claim(desk, ids[first]), 200).json;
    equal(new Set(answer.claimed), new Set([ids.entityApplication, ids.siteApplication]));
    for (const id of [ids.entityApplication, ids.siteApplication]) equal((await application(who, id)).state_label, '审核中');
    equal(status(await claim(desk, ids[first]), 200).json.claimed, [], 'taking it twice changes nothing');
  }
});

await test('two officers at once: one holds it, the other reads who and when', async () => {
  for (let i = 0; i < 5; i++) {
    const who = await fresh();
    const { siteApplication } = await both(who);
    const { answers, count } = await atOnce([() => claim(desk, siteApplication), () => claim(second, siteApplication)]);
    equal(count, { 200: 1, 409: 1 });
    const lost = problem(answers.find((one) => one.status === 409), 409, 'claimed');
    match(lost.detail, new RegExp(`(${desk.who.name}|${second.who.name})已于\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d受理`));
    equal((await noticesOf(who)).filter((one) => one.title === '申请已受理').length, 2, 'one notice for each application');
  }
});

await test('withdrawing against taking, both orders and at once: one outcome', async () => {
  const outcomes = new Set();
  for (let i = 0; i < 8; i++) {
    const who = await fresh();
    const { entity } = await anEntity(who);
    const { siteApplication } = await aSite(who, entity);
    const calls = [() => withdraw(who, siteApplication), () => claim(desk, siteApplication)];
    let answers;
    if (i === 0) answers = [await calls[0](), await calls[1]()];
    else if (i === 1) answers = [await calls[1](), await calls[0]()].reverse();
    else answers = (await atOnce(i % 2 ? calls : calls.reverse())).answers.sort((a) => ('claimed' in a.json || /claim/.test(a.json.type || '') ? 1 : -1));
    const { state } = await application(who, siteApplication);
    outcomes.add(state);
    check(['withdrawn', 'reviewing'].includes(state), `state ${state}`);
    const ok = answers.filter((one) => one.status === 200).length;
    equal(ok, 1, 'exactly one wins');
    const lost = problem(answers.find((one) => one.status !== 200), 409);
    match(lost.detail, state === 'withdrawn' ? /申请人已于.*撤销/ : /审核单位已于.*受理/);
    const said = (await noticesOf(who)).filter((one) => one.link.includes(siteApplication)).map((one) => one.title);
    equal(said.filter((t) => t === '撤销成功' || t === '申请已受理').length, 1, 'one notice');
  }
  check(outcomes.has('withdrawn') && outcomes.has('reviewing'), 'both outcomes were seen');
});

await test('only who holds the claim may decide; a claim is given back, by force only with a reason', async () => {
  const who = await fresh();
  const { siteApplication: id, entityApplication } = await both(who);
  problem(await decide(desk, id, 'pass'), 409, 'not-now');
  status(await claim(desk, id), 200);
  problem(await decide(second, id, 'return'), 409, 'claimed');
  problem(await release(second, id), 409, 'claimed');
  problem(await release(second, id, { force: true }), 409, 'claimed');
  equal(status(await release(second, id, { force: true, reason: '同事休假' }), 200).json.state, 'waiting');
  equal((await view(second, id)).history.find((one) => one.act === 'release').text, '同事休假');
  check(!JSON.stringify((await application(who, id)).timeline).includes('同事休假'), 'the reason is the desk\'s own');
  status(await release(desk, entityApplication), 200);
  status(await claim(second, id), 200);
  problem(await release(desk, id), 409, 'claimed');
  status(await release(second, id), 200);
  problem(await release(second, id), 409, 'not-now');
});

await test('a view is plain, with tickets for the pictures, and is on record', async () => {
  const who = await fresh();
  const { siteApplication, entity } = await both(who);
  const seen = await view(desk, siteApplication);
  equal(seen.values.site.domain, who.who.domain);
  equal(seen.entity.values.responsible.id_no, who.who.id_no);
  equal(seen.entity.id, entity);
  check(seen.catalogue.length > 3 && seen.catalogue.every((one) => one.code && one.text), 'a catalogue of reasons');
  const files = Object.values(seen.files);
  check(files.length >= 4, `files: ${files.length}`);
  const picture = await desk.get(files[0].url);
  equal(picture.status, 200);
  match(picture.headers['content-type'], /^image\//);
  check((await request('GET', URL + files[0].url.replace(/ticket=.*/, 'ticket=wrong'))).status >= 400, 'a forged ticket');
  equal((await view(second, siteApplication)).history.filter((one) => one.act === 'view').map((one) => one.who), [desk.who.name, second.who.name]);
  check(!(await application(who, siteApplication)).timeline.some((one) => one.act === 'view'), 'applicants do not see views');
});

await test('a business is not passed before its entity, but both in one act', async () => {
  const who = await fresh();
  const { siteApplication, entityApplication, entity, filing } = await both(who);
  status(await claim(desk, siteApplication), 200);
  match(problem(await decide(desk, siteApplication, 'pass'), 409, 'entity-first').detail, /一并通过/);
  const answer = status(await decide(desk, siteApplication, 'pass', { with_entity: true }), 200).json;
  match(answer.number, /^京公网安备110101\d{8}号$/);
  equal(answer.number.slice(11, 13), '02');
  equal(answer.entity_state, 'valid');
  equal((await application(who, entityApplication)).state_label, '审核通过');
  const site = await application(who, siteApplication);
  equal([site.state, site.number], ['passed', answer.number]);
  equal((await who.api('GET', `/entities/${entity}`)).json.state_label, '有效');
  const got = (await who.api('GET', `/filings/${filing}`)).json;
  equal([got.state_label, got.number], ['有效', answer.number]);
  check(got.snippet.includes(answer.number) && got.register_url.includes(answer.number.replace(/\D/g, '')), 'snippet and address');
  const found = await request('GET', `${URL}/api/v1/register?q=${encodeURIComponent(who.who.domain)}`);
  equal(found.json.items[0].number, answer.number);
  check(![who.who.id_no, who.who.mobile, who.who.name].some((plain) => found.text.includes(plain)), 'personal data in the register');
});

await test('the entity first, then its business: the same end', async () => {
  const who = await fresh();
  const { siteApplication, entityApplication } = await both(who);
  status(await claim(desk, entityApplication), 200);
  status(await decide(desk, entityApplication, 'pass'), 200);
  match(status(await decide(desk, siteApplication, 'pass'), 200).json.number, /号$/);
});

await test('a person\'s entity: his name is neither in the queue nor in the register', async () => {
  const who = await person('person', { region });
  const { siteApplication, number } = await passed(who, desk);
  const all = (await desk.api('GET', '/review/queue?size=100&state=passed')).json.items;
  check(all.length > 0 && all.every((one) => !JSON.stringify(one).includes(who.who.name)), 'the name stands in the queue');
  const found = await request('GET', `${URL}/api/v1/register?q=${encodeURIComponent(number)}`);
  equal(found.json.items.length, 1);
  check(!found.text.includes(who.who.name), 'the name stands in the register');
  equal((await view(desk, siteApplication)).entity.values.responsible.name, who.who.name);
});

await test('a decision needs what was seen: another rev is refused, so is an unknown verdict or no reason', async () => {
  const who = await fresh();
  const { siteApplication: id } = await both(who);
  status(await claim(desk, id), 200);
  const { application: seen } = await view(desk, id);
  const decision = (body) => desk.api('POST', `/applications/${id}/decision`, body);
  equal(problem(await decision({ verdict: 'return', reasons: [reason()], rev: seen.rev - 1 }), 409, 'changed').rev, seen.rev);
  broken({ json: problem(await decision({ verdict: 'maybe', rev: seen.rev }), 422), text: '' }, '/verdict');
  broken({ json: problem(await decision({ verdict: 'pass' }), 422), text: '' }, '/rev');
  match(problem(await decision({ verdict: 'return', reasons: [], rev: seen.rev }), 409, 'not-now').detail, /原因/);
  broken({ json: problem(await decision({ verdict: 'refuse', reasons: [{ pointer: '/site/name', text: ' ' }], rev: seen.rev }), 422), text: '' }, '/reasons/0/text');
  for (const [index, reasons] of [[0, [reason('/nope')]], [1, [reason(), reason('/site/nope')]], [0, [reason('/site/name/0')]], [0, [reason('/site/addresses/x')]], [0, [{ text: '请补正。' }]]])
    broken({ json: problem(await decision({ verdict: 'return', reasons, rev: seen.rev }), 422), text: '' }, `/reasons/${index}/pointer`);
  equal((await application(who, id)).state, 'reviewing');
  status(await decision({ verdict: 'return', reasons: ['/site', '/site/addresses/0', '/security_officer/fill', '/controlled/proofs/0/title'].map((one) => reason(one)).concat({ text: '请补正。' }), rev: seen.rev }), 200);
});

await test('退回补正 handed in as it was is refused at the first returned field', async () => {
  const who = await fresh();
  const { siteApplication: id } = await both(who);
  status(await claim(desk, id), 200);
  status(await decide(desk, id, 'return', { reasons: [{ text: '请补正。' }, reason('/site/name')] }), 200);
  const { draft } = status(await who.api('POST', `/applications/${id}/mend`), 200).json;
  const said = problem(await submit(who, draft), 422, 'unchanged');
  equal(said.errors.map((one) => [one.pointer, one.detail]), [['/site/name', '请先修改被退回的内容']]);
  equal((await application(who, id)).state, 'returned');
  status(await saveDraft(who, draft, (v) => Object.assign(v.site, { name: '改过的名称' })), 200);
  status(await submit(who, draft), 201);
});

await test('退回补正: reasons at the fields, the mended draft is the next version of the same application', async () => {
  const who = await fresh();
  const { siteApplication: id, entityApplication, filing } = await both(who);
  status(await claim(desk, id), 200);
  status(await decide(desk, entityApplication, 'pass'), 200);
  equal(status(await decide(desk, id, 'return', { reasons: [reason('/site/name')] }), 200).json.state_label, '退回补正');
  const seen = await application(who, id);
  equal(seen.reasons.map((one) => one.pointer), ['/site/name']);
  equal([seen.state, seen.can.withdraw], ['returned', false]);
  check(seen.can.mend, 'a draft to mend');
  const { draft } = status(await who.api('POST', `/applications/${id}/mend`), 200).json;
  equal(draft, seen.can.mend);
  const got = await draftOf(who, draft);
  equal(got.returned.application, id);
  equal(got.returned.reasons[0].text, reason().text);
  equal(got.values.site.domain, who.who.domain);
  problem(await claim(desk, id), 409, 'not-now');
  status(await saveDraft(who, draft, (v) => Object.assign(v.site, { name: '改过的名称' })), 200);
  const again = status(await submit(who, draft), 201).json;
  equal([again.id, again.state, again.subject], [id, 'waiting', filing]);
  problem(await who.api('GET', `/drafts/${draft}`), 404, 'not-found');
  equal((await who.api('GET', '/applications?kind=website')).json.total, 1);
  equal((await application(who, id)).reasons, [], 'the reasons are history');
  status(await claim(desk, id), 200);
  const second_view = await view(desk, id);
  equal(second_view.differences.map((one) => [one.pointer, one.before, one.after]), [['/site/name', who.who.site_name, '改过的名称']]);
  equal(second_view.previous.site.name, who.who.site_name);
  match(status(await decide(desk, id, 'pass'), 200).json.number, /号$/);
  equal((await application(who, id)).timeline.map((one) => one.act), ['submit', 'claim', 'return', 'resubmit', 'claim', 'pass']);
  equal((await noticesOf(who)).filter((one) => one.link.endsWith(id)).map((one) => one.title).reverse(), ['提交成功', '申请已受理', '退回补正', '补正已提交', '申请已受理', '审核通过']);
});

await test('审核不通过 is final and offers 重新申请 of the same record', async () => {
  const who = await fresh();
  const { siteApplication: id, entityApplication, filing } = await both(who);
  status(await claim(desk, id), 200);
  status(await decide(desk, entityApplication, 'pass'), 200);
  status(await decide(desk, id, 'refuse'), 200);
  const seen = await application(who, id);
  equal([seen.state_label, seen.subject_state_label, seen.can.reapply, seen.can.mend], ['审核不通过', '未成立', true, null]);
  equal((await who.api('GET', `/entities/${seen.entity}/filings?kind=website`)).json.total, 0, 'shown nowhere');
  const { draft } = status(await who.api('POST', `/applications/${id}/mend`), 200).json;
  equal(status(await who.api('POST', `/applications/${id}/mend`), 200).json.draft, draft);
  const again = status(await submit(who, draft), 201).json;
  check(again.id !== id, 'a new application');
  equal(again.subject, filing);
  equal((await application(who, id)).can.reapply, false);
});

await test('a refused entity sends its open businesses back with the reason; they wait for it', async () => {
  const who = await fresh();
  const { siteApplication, entityApplication, entity } = await both(who);
  status(await claim(desk, entityApplication), 200);
  status(await decide(desk, entityApplication, 'refuse', { reasons: [reason('/unit/licence', '证件看不清。')] }), 200);
  const site = await application(who, siteApplication);
  equal([site.state, site.reasons[0].text], ['returned', '证件看不清。']);
  equal((await who.api('GET', `/entities/${entity}`)).json.state_label, '未成立');
  const mend = status(await who.api('POST', `/applications/${siteApplication}/mend`), 200).json.draft;
  problem(await submit(who, mend), 409, 'not-now');
  const { draft } = status(await who.api('POST', `/applications/${entityApplication}/mend`), 200).json;
  const again = status(await submit(who, draft), 201).json;
  equal([again.subject, again.awaits], [entity, true]);
  equal(status(await submit(who, mend), 201).json.id, siteApplication);
  equal((await application(who, again.id)).awaits, false);
  status(await claim(desk, again.id), 200);
  match(status(await decide(desk, siteApplication, 'pass', { with_entity: true }), 200).json.number, /号$/);
});

await test('numbers of a unit follow each other without gaps or doubles, also at once', async () => {
  const unit = '330110';
  const there = await officer(unit);
  const all = [];
  for (let i = 0; i < 6; i++) {
    const who = await person('legal', { region: unit });
    const ids = await both(who);
    status(await claim(there, ids.siteApplication), 200);
    status(await decide(there, ids.entityApplication, 'pass'), 200);
    all.push({ id: ids.siteApplication, rev: (await view(there, ids.siteApplication)).application.rev });
  }
  const { answers } = await atOnce(all.flatMap(({ id, rev }) => [1, 2].map(() => () => there.api('POST', `/applications/${id}/decision`, { verdict: 'pass', reasons: [], rev }))));
  const numbers = answers.filter((one) => one.status === 200).map((one) => one.json.number).sort();
  equal(answers.filter((one) => one.status === 409).length, 6, 'the second decision of each is refused');
  equal(numbers, numbers.map((_, i) => `浙公网安备33011002${String(Number(numbers[0].slice(13, 19)) + i).padStart(6, '0')}号`));
});

finish();
