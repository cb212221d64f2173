// The dispatcher's rules on real routes: who may call, where writes come from, keys; and suspended writes of many clients.
import { check, equal, finish, match, person, problem, status, test, URL as HOME } from './lib/index.mjs';
import { atOnce, wires } from './lib/wire.mjs';

const client = await person('legal');
const cookie = `Cookie: ${client.cookieHeader()}`;
const Wire = wires(HOME);
const host = `Host: ${new URL(HOME).host}`;
const post = (path, body, ...headers) =>
  [`POST ${path} HTTP/1.1`, host, 'Content-Type: application/json', ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
const ask = async (text) => {
  const wire = new Wire();
  const answer = await wire.send(text).answer();
  wire.end();
  const media = /^content-type: (.*)$/im.exec(answer.head)?.[1];
  return { ...answer, text: answer.body, headers: { 'content-type': media } };
};
const READ = ['/api/v1/notices/read', '{"all":true}'];

await test('a write needs the own origin, or no origin and X-Beian', async () => {
  for (const headers of [[], ['Origin: http://evil.example'], ['Origin: null'], [`Origin: ${HOME}.evil.example`], ['Origin: http://evil.example', 'X-Beian: 1'], ['X-Beian: 0'], [`Origin: ${HOME}/`], [`Referer: ${HOME}/`]])
    problem(await ask(post(...READ, cookie, ...headers)), 403, 'wrong-origin');
  for (const headers of [[`Origin: ${HOME}`], ['X-Beian: 1']]) check((await ask(post(...READ, cookie, ...headers))).status < 300, `${headers} is right`);
});

await test('who is not logged in, or with the wrong cookie, gets 401, an applicant at the desk 403', async () => {
  for (const headers of [[], ['Cookie: beian=x'], ['Cookie: beian='], ['Cookie: beian=' + 'A'.repeat(43)], ['Cookie: other=1; beian-review=zzz']])
    problem(await ask(post(...READ, 'X-Beian: 1', ...headers)), 401, 'not-logged-in');
  problem(await ask(post('/api/v1/applications/x/claim', '{}', 'X-Beian: 1', cookie)), 403, 'wrong-audience');
});

await test('a refused body is read, so that the connection lives on', async () => {
  const wire = new Wire();
  const large = JSON.stringify({ x: 'y'.repeat(50000) });
  equal((await wire.send(post('/api/v1/drafts', large, 'X-Beian: 1')).answer()).status, 401, 'status without a session');
  equal((await wire.send(post('/api/v1/drafts', large, cookie)).answer()).status, 403, 'status without an origin');
  equal((await wire.send(`GET /api/v1/me HTTP/1.1\r\n${host}\r\n${cookie}\r\n\r\n`).answer()).status, 200, 'status after them');
  wire.end();
});

await test('a key gives the first answer again, refuses another body, and belongs to one account', async () => {
  const draft = '{"kind":"entity","action":"create"}';
  const key = `Idempotency-Key: edge-${process.pid}-${Date.now()}`;
  const first = status(await ask(post('/api/v1/drafts', draft, cookie, 'X-Beian: 1', key)), 201);
  const again = status(await ask(post('/api/v1/drafts', draft, cookie, 'X-Beian: 1', key)), 201);
  equal(again.body, first.body, 'the answer');
  match(again.head, /^idempotent-replay: true/im, 'head');
  equal(/^etag: (.*)$/im.exec(again.head)?.[1], /^etag: (.*)$/im.exec(first.head)?.[1], 'ETag');
  problem(await ask(post('/api/v1/drafts', '{"kind":"entity","action":"create","values":{}}', cookie, 'X-Beian: 1', key)), 422, 'key-reused');
  const other = await person('legal');
  const theirs = status(await ask(post('/api/v1/drafts', draft, `Cookie: ${other.cookieHeader()}`, 'X-Beian: 1', key)), 201);
  check(theirs.json.id !== first.json.id, 'another account has its own keys');
  for (const wrong of ['', 'a b', 'x'.repeat(129), '\u00e9']) problem(await ask(post('/api/v1/drafts', draft, cookie, 'X-Beian: 1', `Idempotency-Key: ${wrong}`)), 400, 'bad-key');
});

await test('50 times at once under one key: one draft', async () => {
  const key = `Idempotency-Key: fifty-${process.pid}-${Date.now()}`;
  const text = post('/api/v1/drafts', '{"kind":"entity","action":"create"}', cookie, 'X-Beian: 1', key);
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask(text)));
  equal([...new Set(answers.map((answer) => answer.status))], [201], 'statuses');
  equal(new Set(answers.map((answer) => answer.json.id)).size, 1, 'drafts');
});

for (const count of [64, 127, 128, 129, 256])
  await test(`${count} clients that write at once are all answered`, async () => {
    const seen = await atOnce(Wire, count, 10, post(...READ, cookie, 'X-Beian: 1'));
    equal(Object.values(seen).reduce((a, b) => a + b), count * 10, 'answers');
    check(Object.keys(seen).every((s) => s === '200' || s === '204'), `statuses ${JSON.stringify(seen)}`);
  });

finish();
