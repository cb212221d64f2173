// A business that no code knows: tests/forms/canary.json goes the whole way, from the menu to the register, and on to its next version.
import { join } from 'node:path';
import { root, startWorld } from '../runner/world.mjs';

const world = await startWorld({ bin: process.env.BEIAN_BIN, env: { BEIAN_FORMS: join(root, 'tests/forms') } });
Object.assign(process.env, { URL: world.url, SANDBOX: world.sandbox });
const { test, finish, check, equal, status, problem, broken, person, officer, upload, request } = await import('./lib/index.mjs');
const { newDraft, draftOf, saveDraft, submit, application, anEntity, claim, decide, personValues, freshDomain } = await import('./lib/filing.mjs');

const region = '110101';
const desk = await officer(region);
const who = await person('legal', { region });
const { entity } = await anEntity(who);

const papers = async (client) => {
  const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n');
  return status(await client.api('POST', '/files', pdf, { 'content-type': 'application/pdf', 'x-file-name': 'a.pdf' }), 201).json.id;
};
const canaryValues = async (client, domain) => {
  const { fill, ...keeper } = await personValues(client);
  return {
    basics: {
      title: '小黄', colour: 'red', nickname: '红红', amount: 3, born: '2026-01-01', until: '9999-12-31', songs: ['dawn', 'night'], night: 'yes', place: region,
      domain, more_domains: [`www.${domain}`], addresses: client.who.ip.concat(['114.114.114.114', '223.5.5.5']).slice(0, 2), portrait: await upload(client, '照片.png'), papers: await papers(client),
      cages: [{ kind: 'foreign', permit: 'X-1', keeper: '张三' }, { kind: 'domestic' }],
    },
    supplier: { scope: 'foreign', name: 'Bird Ltd.' },
    night_watch: { phone: '010-88889999' },
    keeper: { ...keeper, fill: 'self' },
  };
};
const domain = freshDomain();
let draft, sent;

await test('a definition of a directory is offered with menu, lists and texts', async () => {
  const { items } = status(await who.api('GET', '/forms'), 200).json;
  equal(items.find((one) => one.kind === 'canary').menu.title, '试验业务');
  const { definition, lists, texts } = status(await who.api('GET', '/forms/canary'), 200).json;
  equal([definition.version, lists['canary-songs'].length, texts['canary-text'].title], [1, 3, '试验告知书']);
});

await test('its draft is checked by its own rules', async () => {
  draft = await newDraft(who, 'canary', { basics: { colour: 'red', domain: `https://www.${domain}/` } }, entity);
  const answer = problem(await submit(who, draft), 422, 'invalid');
  const codes = Object.fromEntries(answer.errors.map((one) => [one.pointer, one.code]));
  equal([codes['/basics/nickname'], codes['/basics/cages'], codes['/basics/night'], codes['/basics/domain']], ['required', 'required', undefined, undefined]);
  broken(await submit(who, draft), '/basics/portrait', 'required');
});

await test('it is submitted and the detail shows it masked', async () => {
  const values = await canaryValues(who, domain);
  status(await saveDraft(who, draft, (now) => Object.assign(now, values)), 200);
  sent = status(await submit(who, draft), 201).json;
  equal([sent.title, sent.state], ['新办试验', 'waiting']);
  const seen = await application(who, sent.id);
  equal(seen.values.basics.cages[0].keeper, '张**');
  equal([seen.values.keeper.id_no.includes('*'), seen.form_version], [true, 1]);
});

await test('its unique value is taken', async () => {
  const other = await person('legal', { region });
  const theirs = await anEntity(other);
  const second = await newDraft(other, 'canary', await canaryValues(other, domain), theirs.entity);
  const answer = await submit(other, second);
  check(answer.status === 409 || answer.status === 422, `${answer.status} ${answer.text}`);
});

await test('it is passed, gets a number of its class and stands in the register', async () => {
  status(await claim(desk, sent.id), 200);
  const { number } = status(await decide(desk, sent.id, 'pass', { with_entity: true }), 200).json;
  check(/^京公网安备11010109\d{6}号$/.test(number), number);
  const { items } = status(await request('GET', `${world.url}/api/v1/register?q=${domain}`), 200).json;
  equal([items.length, items[0].number, items[0].name], [1, number, '红红']);
  const page = status(await request('GET', `${world.url}/register?q=${encodeURIComponent(domain)}`), 200).text;
  for (const hidden of [who.who.id_no, who.who.mobile, '张三', 'X-1']) check(!page.includes(hidden), hidden);
});

await test('after a new version of the definition an old draft is carried over, an old application opens as it was', async () => {
  const old = await newDraft(who, 'canary', { basics: { title: '旧稿', colour: 'blue', weight: 12, songs: ['noon'] } }, entity);
  await world.killPlatform('SIGTERM');
  world.platformEnv.BEIAN_FORMS = join(root, 'tests/forms/v2');
  await world.startPlatform();
  const now = await draftOf(who, old);
  equal([now.form_version, now.values.basics.title, now.values.basics.colour, now.values.basics.weight], [2, '旧稿', undefined, undefined]);
  const told = Object.fromEntries(now.changes.map((one) => [one.pointer, one.old]));
  equal([told['/basics/weight'], told['/basics/colour'], '/basics/wingspan' in told], [12, 'blue', true]);
  const seen = await application(who, sent.id);
  equal([seen.form_version, seen.values.basics.colour], [1, 'red']);
  equal(status(await who.api('GET', '/forms/canary?version=1'), 200).json.definition.version, 1);
  equal(status(await who.api('GET', '/forms/canary'), 200).json.definition.version, 2);
});

await world.stop();
finish();
