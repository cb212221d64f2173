// What time and withdrawing do. The clock is moved: this file has a platform of its own.
import { test, finish, check, equal, match, status, problem, person, officer, moveClock, resetClock, eventually, request, SANDBOX } from './lib/index.mjs';
import { anEntity, aSite, both, passed, submit, draftOf, saveDraft, application, withdraw, claim, release, decide, reason, noticesOf, websiteValues, newDraft } from './lib/filing.mjs';

const region = '110101';
const fresh = () => person('legal', { region });
const desk = await officer(region);
const MINUTE = 60, DAY = 86400;
const later = async (seconds, body) => {
  try {
    await moveClock(seconds);
    await body();
  } finally {
    await resetClock();
  }
};

await test('a waiting entity can be withdrawn at any time; its draft comes back', async () => {
  const who = await fresh();
  const { entity, entityApplication } = await anEntity(who);
  await later(5 * DAY, async () => {
    const answer = status(await withdraw(who, entityApplication), 200).json;
    equal([answer.state, answer.state_label], ['withdrawn', '已撤销']);
    equal((await draftOf(who, answer.draft)).values.unit.office_region, region);
    equal((await who.api('GET', `/entities/${entity}`)).json.state, 'void');
    problem(await withdraw(who, entityApplication), 409, 'not-now');
    const again = status(await submit(who, answer.draft), 201).json;
    equal(again.subject, entity, 'the same record');
    equal((await who.api('GET', '/applications')).json.items.map((one) => one.state), ['waiting', 'withdrawn']);
  });
});

await test('a business can be withdrawn for 30 minutes while it waits, and not a minute longer', async () => {
  const who = await fresh();
  const { entity } = await anEntity(who);
  const early = await aSite(who, entity);
  await later(29 * MINUTE, async () => {
    equal((await application(who, early.siteApplication)).can.withdraw, true);
    status(await withdraw(who, early.siteApplication), 200);
  });
  const { filing, siteApplication } = await aSite(who, (await anEntity(who)).entity);
  check(filing, 'another one');
  await later(31 * MINUTE, async () => {
    equal((await application(who, siteApplication)).can, { withdraw: false, until: null, mend: null, reapply: false });
    match(problem(await withdraw(who, siteApplication), 409, 'not-now').detail, /30分钟/);
    equal((await application(who, siteApplication)).state, 'waiting');
  });
});

await test('an entity\'s 30 minutes count from its first business', async () => {
  const who = await fresh();
  const { entity, entityApplication } = await anEntity(who);
  await later(2 * DAY, async () => {
    await aSite(who, entity);
    equal((await application(who, entityApplication)).can.withdraw, true);
    await moveClock(31 * MINUTE);
    equal((await application(who, entityApplication)).can.withdraw, false);
    problem(await withdraw(who, entityApplication), 409, 'not-now');
  });
});

await test('when the last business is withdrawn the entity waits again, and the thirty minutes begin anew', async () => {
  const who = await fresh();
  const { entity, entityApplication, siteApplication, filing } = await both(who);
  const { draft } = status(await withdraw(who, siteApplication), 200).json;
  equal(draft, filing);
  let seen = await application(who, entityApplication);
  equal([seen.state, seen.awaits, seen.can.withdraw, seen.can.until], ['waiting', true, true, null]);
  await later(3 * DAY, async () => {
    equal((await application(who, entityApplication)).can.withdraw, true);
    const again = status(await submit(who, draft), 201).json;
    equal(again.subject, filing);
    check(again.id !== siteApplication, 'a new application');
    seen = await application(who, entityApplication);
    equal([seen.awaits, seen.can.withdraw], [false, true]);
  });
  check(entity, 'entity');
});

await test('withdrawing an entity withdraws its businesses; each comes back as a draft', async () => {
  const who = await fresh();
  const { entity, entityApplication, siteApplication, filing } = await both(who);
  const { draft } = status(await withdraw(who, entityApplication), 200).json;
  equal(draft, entity);
  equal((await application(who, siteApplication)).state, 'withdrawn');
  equal((await who.api('GET', '/drafts')).json.items.map((one) => one.id).sort(), [entity, filing].sort());
  problem(await submit(who, filing), 409, 'not-now');
  status(await submit(who, entity), 201);
  status(await submit(who, filing), 201);
});

await test('an entity whose business is being reviewed is not withdrawn', async () => {
  const who = await fresh();
  const { entityApplication, siteApplication } = await both(who);
  status(await claim(desk, siteApplication), 200);
  status(await release(desk, entityApplication), 200);
  match(problem(await withdraw(who, entityApplication), 409, 'not-now').detail, /已在审核中/);
  status(await release(desk, siteApplication), 200);
  status(await withdraw(who, entityApplication), 200);
});

await test('退回补正 keeps its domain for 30 days, reminds at 7 and 1, then ends with the values kept', async () => {
  const who = await fresh();
  const { siteApplication: id, entityApplication, filing } = await both(who);
  status(await claim(desk, id), 200);
  status(await decide(desk, entityApplication, 'pass'), 200);
  status(await decide(desk, id, 'return'), 200);
  const { draft } = status(await who.api('POST', `/applications/${id}/mend`), 200).json;
  status(await saveDraft(who, draft, (v) => Object.assign(v.site, { name: '补正到一半' })), 200);
  const rival = await fresh();
  const own = await anEntity(rival);
  const theirs = await newDraft(rival, 'website', await websiteValues(rival, { domain: who.who.domain, url: `https://${who.who.domain}/` }), own.entity);
  problem(await submit(rival, theirs), 422, 'invalid');
  const reminders = async () => (await noticesOf(who)).filter((one) => one.title === '补正期限提醒').length;
  await later(24 * DAY, async () => {
    await eventually(async () => (await reminders()) === 1, 'the reminder seven days before');
    await moveClock(5.5 * DAY);
    await eventually(async () => (await reminders()) === 2, 'the reminder one day before');
    status(await who.api('GET', `/drafts/${draft}`), 200);
    await moveClock(DAY);
    await eventually(async () => (await application(who, id)).state === 'ended', 'it ends');
    const seen = await application(who, id);
    equal([seen.state_label, seen.subject_state_label, seen.can.reapply], ['已终止', '未成立', true]);
    equal((await draftOf(who, draft)).values.site.name, '补正到一半');
    problem(await submit(who, draft).then(async () => who.api('POST', `/applications/${id}/withdraw`)), 409, 'not-now');
  });
  check(filing, 'filing');
});

await test('the outcome is told by SMS to who submitted', async () => {
  const who = await fresh();
  const { number } = await passed(who, desk);
  const sent = await eventually(async () => {
    const got = (await request('GET', `${SANDBOX}/outbox.json?mobile=${who.who.mobile}`)).json;
    return got.length === 2 && got;
  }, 'two messages', 25_000);
  check(sent.some((one) => one.text.includes(number)), 'the number is told');
});

await test('notices are read one by one or all at once', async () => {
  const who = await fresh();
  await both(who);
  const [one, ...rest] = await noticesOf(who);
  check(one.unread && rest.length, 'unread');
  status(await who.api('POST', '/notices/read', { ids: [one.id] }), 200);
  equal((await who.api('GET', '/notices?unread=true')).json.total, rest.length);
  const other = await fresh();
  status(await other.api('POST', '/notices/read', { ids: [rest[0].id] }), 200);
  equal((await who.api('GET', '/notices?unread=true')).json.total, rest.length);
  status(await who.api('POST', '/notices/read', { all: true }), 200);
  equal((await who.api('GET', '/notices?unread=true')).json.total, 0);
  equal((await who.api('GET', '/me')).json.unread, 0);
});

await test('the lists can be narrowed by business and state, and paged', async () => {
  const who = await fresh();
  const { entityApplication, siteApplication } = await both(who);
  const ids = async (query) => (await who.api('GET', `/applications?${query}`)).json.items.map((one) => one.id);
  equal(await ids('kind=entity'), [entityApplication]);
  equal(await ids('kind=website&state=waiting'), [siteApplication]);
  equal(await ids('kind=website&state=passed'), []);
  equal(await ids('size=1&page=2'), [entityApplication]);
  problem(await who.api('GET', '/applications?page=0'), 422);
  problem(await who.api('GET', '/applications?size=many'), 422);
  const row = (await who.api('GET', '/applications?kind=website')).json.items[0];
  match(row.unit, /^东城.*\(北京市市辖区东城区\)$/);
  equal(row.state_label, '待审核');
  equal(reason().code, 'title-differs');
});

finish();
