// Submitting: one application whatever happens, unique values, nothing stored that the client may not give.
import { test, finish, check, equal, match, status, problem, broken, person, officer } from './lib/index.mjs';
import {
  newDraft, draftOf, saveDraft, entityValues, websiteValues, anEntity, aSite, both, submit, application, atOnce, noticesOf, claim, view, decide, passed, freshDomain, withdraw,
} from './lib/filing.mjs';

const region = '110101';
const fresh = () => person('legal', { region });
const desk = await officer(region);

await test('an entity waits for its first business; the first business begins its thirty minutes', async () => {
  const who = await fresh();
  const { entity, entityApplication } = await anEntity(who);
  let seen = await application(who, entityApplication);
  equal([seen.state, seen.state_label, seen.awaits, seen.can.withdraw, seen.can.until], ['waiting', '待审核', true, true, null]);
  equal(seen.entity, entity);
  await aSite(who, entity);
  seen = await application(who, entityApplication);
  equal([seen.awaits, seen.can.withdraw], [false, true]);
  check(Math.abs(Date.parse(seen.can.until) - Date.now() - 30 * 60_000) < 60_000, `until ${seen.can.until}`);
  equal((await who.api('GET', `/entities/${entity}`)).json.state, 'reviewing');
});

await test('the new record has the draft\'s id, and the draft is gone', async () => {
  const who = await fresh();
  const { entity, filing, siteApplication } = await both(who);
  equal((await who.api('GET', `/filings/${filing}`)).json.state, 'reviewing');
  problem(await who.api('GET', `/drafts/${filing}`), 404, 'not-found');
  equal((await application(who, siteApplication)).subject, filing);
  equal((await application(who, siteApplication)).entity, entity);
});

await test('a refused submit names every broken field at once and leaves the draft', async () => {
  const who = await fresh();
  const id = await newDraft(who, 'entity', { subject: { nature: 'unit', subtype: 'enterprise' }, unit: { fill: 'self', id_no: '123' } });
  const answer = problem(await submit(who, id), 422, 'invalid');
  for (const pointer of ['/unit/name', '/unit/licence', '/responsible/name', '/responsible/proof'])
    check(answer.errors.some((one) => one.pointer === pointer), `no error at ${pointer}`);
  check(answer.errors.every((one) => one.detail), 'a sentence for each');
  equal((await draftOf(who, id)).rev, 1);
  equal((await who.api('GET', '/applications')).json.total, 0);
});

for (const keyed of [false, true])
  await test(`50 submits at once ${keyed ? 'with one key' : 'without a key'}: one application`, async () => {
    const who = await fresh();
    const { entity } = await anEntity(who);
    const draft = await newDraft(who, 'website', await websiteValues(who), entity);
    const headers = keyed ? { 'idempotency-key': `many-${draft}` } : {};
    const { answers, count } = await atOnce(Array.from({ length: 50 }, () => () => submit(who, draft, headers)));
    const ids = new Set(answers.map((one) => one.json.id || one.json.application));
    equal(ids.size, 1, 'different applications');
    if (keyed) equal(count, { 201: 50 });
    else equal([count[201], (count[201] || 0) + (count[409] || 0)], [1, 50]);
    const list = (await who.api('GET', '/applications?kind=website')).json;
    equal(list.total, 1);
    equal((await noticesOf(who)).filter((one) => one.title === '提交成功' && one.body.includes('新办网站')).length, 1);
  });

await test('the same key with another body is refused', async () => {
  const who = await fresh();
  const { entity } = await anEntity(who);
  const one = await newDraft(who, 'website', await websiteValues(who), entity);
  const headers = { 'idempotency-key': `reuse-${one}` };
  status(await submit(who, one, headers), 201);
  problem(await who.api('POST', '/applications', { draft: one, confirm: ['/site/name'] }, headers), 422, 'key-reused');
});

await test('a domain that is filed or under review is refused at its field, in both spellings', async () => {
  const [first, second] = [await fresh(), await fresh()];
  await both(first);
  const { entity } = await anEntity(second);
  const draft = await newDraft(second, 'website', await websiteValues(second, { domain: first.who.domain.toUpperCase(), url: `https://${first.who.domain}/` }), entity);
  const answer = problem(await submit(second, draft), 422, 'invalid');
  match(broken({ json: answer, text: '' }, '/site/domain', 'taken').detail, /正在审核中/);
  check(!answer.application, 'another person\'s application is not named');
  match(broken({ json: problem(await second.api('POST', `/drafts/${draft}/check`, { step: 'basics' }), 422), text: '' }, '/site/domain').detail, /正在审核中/);
  // As one of the other domains too.
  status(await saveDraft(second, draft, (v) => Object.assign(v.site, { domain: second.who.domain, url: `https://${second.who.domain}/`, other_domains: [freshDomain(), first.who.domain] })), 200);
  broken({ json: problem(await submit(second, draft), 422), text: '' }, '/site/other_domains/1', 'taken');
});

await test('the own application that holds the domain is named', async () => {
  const who = await fresh();
  const { entity, siteApplication } = await both(who);
  const draft = await newDraft(who, 'website', await websiteValues(who), entity);
  const answer = problem(await submit(who, draft), 422, 'invalid');
  equal(answer.application, siteApplication);
  match(answer.errors[0].detail, /您的申请/);
});

await test('two people want the same domain at the same moment: one gets it, nothing half is left', async () => {
  const people = [await fresh(), await fresh()];
  const domain = freshDomain();
  const drafts = [];
  for (const who of people) drafts.push(await newDraft(who, 'website', await websiteValues(who, { domain, url: `https://${domain}/`, other_domains: [freshDomain()] }), (await anEntity(who)).entity));
  const { count } = await atOnce(people.map((who, i) => () => submit(who, drafts[i])));
  equal(count, { 201: 1, 422: 1 });
  for (const who of people) {
    const n = (await who.api('GET', '/applications?kind=website')).json.total;
    const kept = (await who.api('GET', '/drafts?kind=website')).json.total;
    equal(n + kept, 1, 'application or draft');
  }
});

await test('a withdrawn or refused submission frees its domain', async () => {
  const [first, second, third] = [await fresh(), await fresh(), await fresh()];
  const domain = freshDomain();
  const { entity } = await anEntity(first);
  const { siteApplication } = await aSite(first, entity, { domain, url: `https://${domain}/` });
  status(await withdraw(first, siteApplication), 200);
  const own = await anEntity(second);
  const site = await aSite(second, own.entity, { domain, url: `https://${domain}/` });
  status(await claim(desk, site.siteApplication), 200);
  status(await decide(desk, site.siteApplication, 'refuse'), 200);
  await aSite(third, (await anEntity(third)).entity, { domain, url: `https://${domain}/` });
});

await test('hidden, locked and server-owned values of the client are never stored', async () => {
  const who = await fresh();
  const { entity } = await anEntity(who);
  const values = await websiteValues(who);
  values.service = { interactive: 'no', interactive_kinds: ['forum'] };
  values.security_officer = { ...values.security_officer, name: '冒名者', id_no: '110101199003070038' };
  const draft = await newDraft(who, 'website', values, entity);
  const { id } = status(await submit(who, draft), 201).json;
  status(await claim(desk, id), 200);
  const seen = await view(desk, id);
  check(!('interactive_kinds' in seen.values.service), 'a hidden field was stored');
  equal(seen.values.security_officer.name, who.who.name);
  equal(seen.values.security_officer.id_no, who.who.id_no);
});

await test('a doubtful value is asked for once, and the officer sees that it was confirmed', async () => {
  const who = await fresh();
  const values = await entityValues(who);
  const digits = who.who.org_id_no;
  values.unit = { ...values.unit, fill: 'self', name: who.who.org_name, id_type: 'uscc', id_no: digits.slice(0, 17) + (digits[17] === '0' ? '1' : '0'), legal_rep: who.who.legal_rep_name };
  const draft = await newDraft(who, 'entity', values);
  const answer = problem(await submit(who, draft), 422, 'invalid');
  equal(answer.errors.map((one) => [one.pointer, one.code]), [['/unit/id_no', 'doubtful']]);
  const { id } = status(await who.api('POST', '/applications', { draft, confirm: ['/unit/id_no'] }), 201).json;
  await aSite(who, draft);
  status(await claim(desk, id), 200);
  equal((await view(desk, id)).doubtful, ['/unit/id_no']);
});

await test('applicants see masks on every page, officers of the unit the plain values', async () => {
  const who = await fresh();
  const { entity, filing, siteApplication, entityApplication } = await passed(who, desk);
  const { id_no, mobile, org_id_no } = who.who;
  for (const path of [`/applications/${siteApplication}`, `/applications/${entityApplication}`, `/entities/${entity}`, `/filings/${filing}`, `/home?entity=${entity}`, `/entities/${entity}/filings?kind=website`, '/applications', '/notices']) {
    const { text } = status(await who.api('GET', path), 200, path);
    for (const plain of [id_no, mobile, org_id_no]) check(!text.includes(plain), `plain value at ${path}`);
  }
  equal((await view(desk, siteApplication)).values.emergency_contact.id_no, id_no);
});

await test('the home page in one request', async () => {
  const who = await fresh();
  const { entity, filing } = await both(who);
  const home = status(await who.api('GET', `/home?entity=${entity}`), 200).json;
  equal(home.applications.total, 2);
  equal(home.entity.id, entity);
  equal(home.filings.website.items.map((one) => one.id), [filing]);
  check(home.notices.total >= 2, 'notices');
  const nobody = await fresh();
  equal(status(await nobody.api('GET', '/home'), 200).json.entity, null);
  problem(await nobody.api('GET', `/home?entity=${entity}`), 404, 'not-found');
});

finish();
