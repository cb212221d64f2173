// Drafts: what is typed is kept, sealed, by version; what the server fills in itself is never the client's.
import { test, finish, check, equal, match, status, problem, broken, person, moveClock, resetClock, eventually, upload } from './lib/index.mjs';
import { newDraft, draftOf, saveDraft, entityValues, websiteValues, anEntity, submit } from './lib/filing.mjs';

const legal = await person('legal', { region: '110101' });
const natural = await person('person', { region: '110101' });
const other = await person('person');

await test('a draft is made at the first key, saved again under a new version, and deleted', async () => {
  const made = status(await legal.api('POST', '/drafts', { kind: 'entity', action: 'create', values: { subject: { nature: 'unit' }, unit: { name: '示' } } }), 201);
  equal(made.json.rev, 1);
  equal(made.headers.etag, '"1"');
  const saved = status(await legal.api('PUT', `/drafts/${made.json.id}`, { values: { subject: { nature: 'unit' }, unit: { name: '示例' } } }, { 'if-match': '"1"' }), 200);
  equal(saved.headers.etag, '"2"');
  equal(saved.json.values.unit.name, '示例');
  const list = status(await legal.api('GET', '/drafts?kind=entity'), 200).json;
  const row = list.items.find((one) => one.id === made.json.id);
  equal([row.title, row.name, row.days_left], ['新增主体', '示例', 30]);
  check(row.saved >= row.created, 'saved after created');
  status(await legal.api('DELETE', `/drafts/${made.json.id}`), 204);
  problem(await legal.api('GET', `/drafts/${made.json.id}`), 404, 'not-found');
});

await test('the list of drafts can be narrowed to one kind', async () => {
  const id = await newDraft(legal, 'entity', {});
  equal((await legal.api('GET', '/drafts?kind=website')).json.items.filter((one) => one.id === id).length, 0);
  equal((await legal.api('GET', '/drafts?kind=entity')).json.items.filter((one) => one.id === id).length, 1);
});

await test('a stale save is 412 with the current content, and nothing is overwritten', async () => {
  const id = await newDraft(legal, 'entity', { unit: { name: '甲' } });
  status(await legal.api('PUT', `/drafts/${id}`, { values: { unit: { name: '乙' } } }, { 'if-match': '"1"' }), 200);
  const stale = problem(await legal.api('PUT', `/drafts/${id}`, { values: { unit: { name: '丙' } } }, { 'if-match': '"1"' }), 412, 'stale-draft');
  equal(stale.current.values.unit.name, '乙');
  equal(stale.current.rev, 2);
  equal((await draftOf(legal, id)).values.unit.name, '乙');
  problem(await legal.api('PUT', `/drafts/${id}`, { values: {} }), 428, 'precondition-required');
});

await test('同当前账号信息 of an organisation: exactly four fields, masked and locked, never the client\'s', async () => {
  const id = await newDraft(legal, 'entity', { subject: { nature: 'unit', subtype: 'enterprise' }, unit: { fill: 'account', name: '别的公司', id_no: '91110000000000000X' } });
  const got = await draftOf(legal, id);
  equal(Object.keys(got.filled).sort(), ['/unit/id_no', '/unit/id_type', '/unit/legal_rep', '/unit/name']);
  equal(got.values.unit.name, legal.who.org_name);
  equal(got.values.unit.id_no, legal.who.org_id_no.slice(0, 3) + '*****' + legal.who.org_id_no.slice(-2));
  match(got.values.unit.legal_rep, /^.\*\*$/);
  const text = JSON.stringify(got);
  check(!text.includes(legal.who.org_id_no) && !text.includes(legal.who.legal_rep_name), 'plain values of the account in the answer');
  check(!('office_address' in got.values.unit), 'nothing else is filled');
});

await test('同当前账号信息 of a person: name, document, number, mobile; not for organisations', async () => {
  const id = await newDraft(natural, 'entity', { subject: { nature: 'person' }, responsible: { fill: 'account' } });
  const got = await draftOf(natural, id);
  equal(Object.keys(got.filled).sort(), ['/responsible/id_no', '/responsible/id_type', '/responsible/mobile', '/responsible/name']);
  match(got.values.responsible.mobile, /^\d{3}\*{4}\d{4}$/);
  check(!('id_until' in got.values.responsible), 'the validity stays empty');
  broken(problemOf(await legal.api('POST', '/drafts', { kind: 'entity', action: 'create', values: { subject: { nature: 'unit' }, responsible: { fill: 'account' } } })), '/responsible/fill');
});
function problemOf(answer) {
  problem(answer, 422, 'invalid');
  return answer;
}

await test('what was typed comes back in full to its owner, and to nobody else', async () => {
  const values = await entityValues(natural);
  const id = await newDraft(natural, 'entity', values);
  equal((await draftOf(natural, id)).values.responsible.id_no, natural.who.id_no);
  for (const [method, path, body, headers] of [
    ['GET', `/drafts/${id}`], ['DELETE', `/drafts/${id}`], ['POST', `/drafts/${id}/check`, {}],
    ['PUT', `/drafts/${id}`, { values: {} }, { 'if-match': '"1"' }], ['POST', '/applications', { draft: id }],
  ]) problem(await other.api(method, path, body, headers), 404, 'not-found');
  equal((await draftOf(natural, id)).rev, 1);
});

await test('unknown keys, wrong types and unknown businesses are refused with their pointer', async () => {
  const post = (body) => legal.api('POST', '/drafts', body);
  broken(problemOf(await post({ kind: 'castle', action: 'create' })), '/kind');
  broken(problemOf(await post({ kind: 'entity', action: 'destroy' })), '/action');
  broken(problemOf(await post({ kind: 'website', action: 'create' })), '/entity');
  problem(await post({ kind: 'website', action: 'create', entity: 'AAAAAAAAAAAAAAAAAAAAAA' }), 404, 'not-found');
  problemOf(await post({ kind: 'entity', action: 'create', values: { unit: { colour: 'red' } } }));
  problemOf(await post({ kind: 'entity', action: 'create', values: { unit: { name: 7 } } }));
  problemOf(await post({ kind: 'entity', action: 'create', values: [] }));
  broken(problemOf(await post({ kind: 'entity', action: 'create', colour: 'red' })), '/colour', 'unknown');
  broken(problemOf(await post({ kind: 7, action: 'create' })), '/kind', 'type');
  broken(problemOf(await post([])), '', 'type');
  problem(await post({ kind: 'entity', action: 'create', values: { unit: { office_address: '长'.repeat(100_000) } } }), 413);
});

await test('a business needs an entity that was submitted', async () => {
  const someone = await person('legal', { region: '110101' });
  const entity = await newDraft(someone, 'entity', await entityValues(someone));
  problem(await someone.api('POST', '/drafts', { kind: 'website', action: 'create', entity }), 404, 'not-found');
  status(await submit(someone, entity), 201);
  status(await someone.api('POST', '/drafts', { kind: 'website', action: 'create', entity }), 201);
  problem(await other.api('POST', '/drafts', { kind: 'website', action: 'create', entity }), 404, 'not-found');
});

await test('下一步 checks one step only and names every broken field', async () => {
  const someone = await person('legal', { region: '110101' });
  const own = await anEntity(someone);
  const values = await websiteValues(someone);
  delete values.site.name;
  delete values.access.mode;
  delete values.emergency_contact.mobile;
  const id = await newDraft(someone, 'website', values, own.entity);
  const basics = problemOf(await someone.api('POST', `/drafts/${id}/check`, { step: 'basics' }));
  broken(basics, '/site/name');
  broken(basics, '/access/mode');
  check(!basics.json.errors.some((one) => one.pointer.startsWith('/emergency_contact')), 'another step is not checked');
  broken(problemOf(await someone.api('POST', `/drafts/${id}/check`, { step: 'people' })), '/emergency_contact/mobile');
  status(await saveDraft(someone, id, (v) => Object.assign(v.site, { name: someone.who.site_name }) && Object.assign(v.access, { mode: 'other' })), 200);
  status(await someone.api('POST', `/drafts/${id}/check`, { step: 'basics' }), 200);
});

await test('同主体负责人信息 fills from the entity, masked, and cannot be overwritten by the client', async () => {
  const someone = await person('legal', { region: '110101' });
  const { entity } = await anEntity(someone);
  const values = await websiteValues(someone);
  values.security_officer.name = '冒名者';
  const id = await newDraft(someone, 'website', values, entity);
  const got = await draftOf(someone, id);
  check(got.filled['/security_officer/name'], 'listed as filled');
  match(got.values.security_officer.name, /^.\*\*$/);
  check(!JSON.stringify(got).includes('冒名者'), 'the client\'s value is not stored');
});

await test('pictures of a draft come with their facts; another person\'s picture is not found, in a new draft and in a saved one', async () => {
  const [foreign, own] = [await upload(other), await upload(natural)];
  const values = (id_back) => ({ subject: { nature: 'person' }, responsible: { proof: 'file', id_front: own, ...(id_back ? { id_back } : {}) } });
  problem(await natural.api('POST', '/drafts', { kind: 'entity', action: 'create', values: values(foreign) }), 404, 'not-found');
  const id = await newDraft(natural, 'entity', values());
  const got = await draftOf(natural, id);
  check(got.files[own]?.media === 'image/jpeg', 'facts of the own picture');
  problem(await natural.api('PUT', `/drafts/${id}`, { values: values(foreign) }, { 'if-match': '"1"' }), 404, 'not-found');
  equal((await draftOf(natural, id)).values.responsible.id_back, undefined, 'nothing was taken');
  const gone = `${foreign.slice(0, -4)}AAAA`; // of the shape of an id, and no file: the draft can be saved all the same
  status(await natural.api('PUT', `/drafts/${id}`, { values: values(gone) }, { 'if-match': '"1"' }), 200);
});

await test('an account keeps at most a thousand drafts', async () => {
  const busy = await person('person');
  for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 50 }, () => newDraft(busy, 'entity', {})));
  problem(await busy.api('POST', '/drafts', { kind: 'entity', action: 'create' }), 409, 'too-many-drafts');
  const [one] = (await busy.api('GET', '/drafts')).json.items;
  status(await busy.api('DELETE', `/drafts/${one.id}`), 204);
  status(await busy.api('POST', '/drafts', { kind: 'entity', action: 'create' }), 201);
});

await test('a draft lives for 30 days after it was last saved', async () => {
  const id = await newDraft(natural, 'entity', {});
  try {
    await moveClock(29 * 86400);
    status(await natural.api('GET', `/drafts/${id}`), 200);
    await eventually(async () => (await natural.api('GET', '/notices?size=100')).json.items.some((one) => one.title === '草稿即将过期' && one.link === `/draft/${id}`), 'the reminder');
    await moveClock(2 * 86400);
    problem(await natural.api('GET', `/drafts/${id}`), 404, 'not-found');
    await eventually(async () => !(await natural.api('GET', '/drafts?size=100')).json.items.some((one) => one.id === id), 'the row is gone');
  } finally {
    await resetClock();
  }
});

finish();
