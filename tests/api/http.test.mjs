// The HTTP edge on a platform of its own: framing, bodies, limits, many and slow clients, the way it stops.
import net from 'node:net';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, equal, finish, match, test } from './lib/check.mjs';
import { BIN, freePort, startPlatform } from './lib/platform.mjs';
import { atOnce, wires } from './lib/wire.mjs';

const SECRET = 'a-secret-of-this-test';
const platform = await startPlatform({ secrets: { CLOCK_SECRET_FILE: SECRET } });
const { hostname, port } = new URL(platform.url);
const Wire = wires(platform.url);
const HOST = `Host: ${hostname}:${port}`;
const CLOCK = `Authorization: Bearer ${SECRET}`;
const JSON_TYPE = 'Content-Type: application/json';
const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));

const get = (path, ...headers) => [`GET ${path} HTTP/1.1`, HOST, ...headers, '', ''].join('\r\n');
const put = (body, ...headers) =>
  Buffer.concat([Buffer.from(['PUT /api/v1/clock HTTP/1.1', HOST, CLOCK, ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', ''].join('\r\n')), Buffer.from(body)]);
const lives = async (wire, what) => equal((await wire.send(get('/healthz')).answer()).status, 200, `the connection after ${what}`);
const serves = async (what) => {
  const wire = new Wire();
  await lives(wire, what);
  wire.end();
};

await test('a compressed body is refused before it is read; what is wrong with JSON is said in Chinese', async () => {
  const wire = new Wire();
  for (const coding of ['gzip', 'br', 'deflate, gzip']) {
    const answer = await wire.send(put('{"offset_s":0}', JSON_TYPE, `Content-Encoding: ${coding}`)).answer();
    equal([answer.status, answer.json.type], [415, '/problems/content-encoding'], coding);
    match(answer.json.detail, /Content-Encoding/);
  }
  equal((await wire.send(put('{"offset_s":0}', JSON_TYPE, 'Content-Encoding: identity')).answer()).status, 200, 'identity');
  for (const wrong of ['{"a":1,"a":2}', '{"a"', '{', '[1 2]', '{"a":01}', '{"a":nul}', '"\\x"', '"\\ud800"', '{} 1', '"', '1e999', '['.repeat(40)]) {
    const { errors } = (await wire.send(put(wrong, JSON_TYPE)).answer()).json;
    check(!/[a-z]{3}/i.test(errors[0].detail.replace(/true、false 或 null/, '')), `${wrong}: ${errors[0].detail}`);
  }
  wire.end();
});

await test('bodies that are not right JSON: 400 names the place, the connection lives on', async () => {
  const deep = '['.repeat(1 << 15) + ']'.repeat(1 << 15);
  const cases = [
    ['{"offset_s": }', '/offset_s'], ['{"offset_s": 1', ''], ['', ''], ['{"a":{"b":[1,tru]}}', '/a/b/1'], ['{"offset_s":1,"offset_s":2}', '/offset_s'],
    [Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]), '/a'], ['{"a":"\0"}', '/a'], ['{"a":"\\u0000"}', '/a'], ['{"a":"\\ud800"}', '/a'],
    [deep.slice(0, 60000), '/0'.repeat(32)], ['{"a":'.repeat(12000), '/a'.repeat(32)], ['\ufeff{}', ''], ['{} {}', ''], ['{"a":1e999}', '/a'],
  ];
  const wire = new Wire();
  for (const [body, pointer] of cases) {
    const answer = await wire.send(put(body, JSON_TYPE)).answer();
    equal(answer.status, 400, `status of ${String(body).slice(0, 30)}`);
    match(answer.head, /content-type: application\/problem\+json/i, 'head');
    equal(answer.json.errors[0].pointer, pointer, `pointer of ${String(body).slice(0, 30)}`);
    match(answer.json.title, /[一-鿿]/, 'title');
  }
  await lives(wire, 'wrong JSON');
  wire.end();
});

await test('JSON that is no object or holds a wrong type: 422 with the pointer', async () => {
  const wire = new Wire();
  for (const [body, pointer] of [['[]', ''], ['"x"', ''], ['7', ''], ['null', ''], ['{"offset_s":"1"}', '/offset_s'], ['{"offset_s":1.5}', '/offset_s'], ['{}', '/offset_s']]) {
    const answer = await wire.send(put(body, JSON_TYPE)).answer();
    equal([answer.status, answer.json.errors[0].pointer], [422, pointer], body);
  }
  await lives(wire, 'wrong types');
  wire.end();
});

await test('a media type that is not JSON: 415, the connection lives on', async () => {
  const wire = new Wire();
  for (const type of [null, 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'application/json; charset=gbk', 'multipart/form-data; boundary=x'])
    equal((await wire.send(put('{"offset_s":0}', ...(type ? [`Content-Type: ${type}`] : []))).answer()).status, 415, `status with ${type}`);
  for (const type of ['application/json', 'Application/JSON; charset=UTF-8', 'application/json;charset="utf-8"'])
    equal((await wire.send(put('{"offset_s":0}', `Content-Type: ${type}`)).answer()).status, 200, `status with ${type}`);
  wire.end();
});

await test('a body over the limit: 413, the connection lives on; one far over it is not read', async () => {
  const wire = new Wire();
  const large = `{"x":"${'y'.repeat(70000)}"}`;
  equal((await wire.send(put(large, JSON_TYPE)).answer()).status, 413, 'status with a length');
  await lives(wire, '413');
  const chunk = 'y'.repeat(10000);
  wire.send(['PUT /api/v1/clock HTTP/1.1', HOST, CLOCK, JSON_TYPE, 'Transfer-Encoding: chunked', '', ''].join('\r\n'));
  for (let i = 0; i < 8; i++) wire.send(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  equal((await wire.send('0\r\n\r\n').answer()).status, 413, 'status with chunks');
  await lives(wire, 'chunked 413');
  wire.end();
  const huge = new Wire();
  huge.send(['PUT /api/v1/clock HTTP/1.1', HOST, CLOCK, JSON_TYPE, 'Content-Length: 4000000000', '', ''].join('\r\n'));
  equal((await huge.answer()).status, 413, 'status with 4 GB');
  await huge.closed;
  const polite = new Wire();
  polite.send(['PUT /api/v1/clock HTTP/1.1', HOST, CLOCK, JSON_TYPE, 'Expect: 100-continue', 'Content-Length: 100000', '', ''].join('\r\n'));
  equal((await polite.answer()).status, 413, 'status with Expect');
  polite.end();
});

await test('a small chunked body is read', async () => {
  const wire = new Wire();
  wire.send(['PUT /api/v1/clock HTTP/1.1', HOST, CLOCK, JSON_TYPE, 'Transfer-Encoding: chunked', '', ''].join('\r\n'));
  for (const part of ['{"off', 'set_s"', ':0}']) wire.send(`${part.length.toString(16)}\r\n${part}\r\n`);
  equal((await wire.send('0\r\n\r\n').answer()).status, 200, 'status');
  await lives(wire, 'a chunked body');
  wire.end();
});

await test('contradicting or doubled framing: 400, closed, and what was smuggled is not answered', async () => {
  const smuggled = get('/readyz');
  const heads = [
    [HOST, 'Content-Length: 5', 'Content-Length: 5'], [HOST, 'Content-Length: 5', 'Content-Length: 6'], [HOST, 'Content-Length: 5, 5'],
    [HOST, 'Content-Length: +5'], [HOST, 'Content-Length: 0x5'], [HOST, 'Content-Length: -1'], [HOST, 'Content-Length: 5', 'Transfer-Encoding: chunked'],
    [HOST, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], [HOST, 'Transfer-Encoding: gzip'], [HOST, 'Transfer-Encoding: chunked, identity'],
    [HOST, HOST], [HOST, 'Host: other.example'], [], ['Host: a b'], [HOST, 'Bad Name: x'], [HOST, 'X: a\x01b'],
  ];
  for (const lines of heads) {
    const wire = new Wire();
    wire.send(['PUT /api/v1/clock HTTP/1.1', ...lines, '', ''].join('\r\n') + '0\r\n\r\n' + smuggled + smuggled);
    const answer = await wire.answer();
    equal(answer.status, 400, `status of ${lines}`);
    await Promise.race([wire.closed, pause(5000).then(() => Promise.reject(new Error(`not closed after ${lines}`)))]);
    check(!/"store"/.test(wire.buffer.toString()), `smuggled request was answered after ${lines}`);
  }
  for (const line of ['GET http://x/healthz HTTP/1.1', 'OPTIONS * HTTP/1.1']) {
    const wire = new Wire();
    equal((await wire.send([line, HOST, '', ''].join('\r\n')).answer()).status, 400, line);
    await wire.closed;
  }
  await serves('broken framing');
});

await test('odd targets, methods and heads are refused one by one', async () => {
  for (const [text, wanted] of [
    [get('/api/v1/%zz'), 400], [get('/api/v1/%00'), 400], [get('/api/v1/%ff%fe'), 400], [get('/nothing/here'), 404], [get('/api/v1/nothing'), 404],
    [['DELETE /healthz HTTP/1.1', HOST, '', ''].join('\r\n'), 405], [['BREW /healthz HTTP/1.1', HOST, '', ''].join('\r\n'), 405],
    [get('/x' + 'y'.repeat(100000)), 414], [get('/', `X-Long: ${'z'.repeat(100000)}`), 431],
    [get('/../../etc/passwd'), 404], [get('/%2e%2e/%2e%2e/etc/passwd'), 404], [get('/assets/..%2f..%2fmeson.build'), 404], [get('/.git/config'), 404], [get('/assets/'), 404],
  ]) {
    const wire = new Wire();
    equal((await wire.send(text).answer()).status, wanted, `status of ${text.slice(0, 40)}`);
    wire.end();
  }
  const wire = new Wire();
  match((await wire.send(['POST /healthz HTTP/1.1', HOST, 'Content-Length: 0', '', ''].join('\r\n')).answer()).head, /^allow: GET/im, 'head');
  await lives(wire, '405');
  wire.end();
});

await test('HEAD is a GET without a body', async () => {
  const wire = new Wire();
  const head = await wire.send(get('/healthz').replace('GET', 'HEAD')).answer(5000, true);
  equal(head.status, 200, 'status');
  match(head.head, /content-length: 3/i, 'head');
  await lives(wire, 'HEAD');
  wire.end();
});

await test('every answer carries the security headers', async () => {
  for (const text of [get('/healthz'), get('/nothing'), get('/api/v1/nothing'), put('{', JSON_TYPE), get('/x', 'Bad Name: y')]) {
    const wire = new Wire();
    const { head } = await wire.send(text).answer();
    for (const line of [/^content-security-policy: .*default-src 'self'.*frame-ancestors 'none'/im, /^x-content-type-options: nosniff/im, /^referrer-policy: /im, /^cross-origin-opener-policy: same-origin/im, /^x-request-id: \S+/im])
      match(head, line, `head of ${String(text).slice(0, 25)}`);
    wire.end();
  }
});

await test('an unknown path is a page for a browser and JSON for a program', async () => {
  const wire = new Wire();
  const page = await wire.send(get('/nothing', 'Accept: text/html')).answer();
  match(page.head, /content-type: text\/html/i, 'head');
  match(page.body, /没有找到/, 'page');
  match((await wire.send(get('/api/v1/nothing', 'Accept: text/html')).answer()).head, /application\/problem\+json/i, 'head');
  wire.end();
});

await test('the clock moves for who knows the secret alone', async () => {
  const wire = new Wire();
  const ask = (authorization) => wire.send(get('/api/v1/clock', ...(authorization ? [`Authorization: ${authorization}`] : []))).answer();
  for (const wrong of [null, 'Bearer wrong', `Basic ${SECRET}`, `Bearer ${SECRET}x`]) equal((await ask(wrong)).status, 401, `status with ${wrong}`);
  const before = Date.parse((await ask(`Bearer ${SECRET}`)).json.now);
  equal((await wire.send(put('{"offset_s":86400}', JSON_TYPE)).answer()).json.offset_s, 86400, 'offset');
  const after = await ask(`Bearer ${SECRET}`);
  match(after.json.now, /\+08:00$/, 'now');
  check(Math.abs(Date.parse(after.json.now) - before - 86400000) < 5000, 'the clock is a day on');
  for (const wrong of ['{"offset_s":1e12}', '{"offset_s":null}']) equal((await wire.send(put(wrong, JSON_TYPE)).answer()).status, 422, wrong);
  await wire.send(put('{"offset_s":0}', JSON_TYPE)).answer();
  wire.end();
});

for (const count of [1, 63, 64, 65, 127, 128, 129, 255, 256, 257])
  await test(`${count} clients at once are all answered`, async () => {
    equal(await atOnce(Wire, count, 10, get('/healthz')), { 200: count * 10 }, 'answers');
    const written = await atOnce(Wire, count, 1, put('{"offset_s":0}', JSON_TYPE));
    equal((written[200] ?? 0) + (written[503] ?? 0), count, 'answers of writes');
    check(written[200] > 0, 'some writes were done');
  });

await test('200 idle clients and 200 slow bodies: the others are served, the slow ones end', async () => {
  const idle = Array.from({ length: 200 }, () => new Wire());
  const slow = Array.from({ length: 200 }, () => new Wire());
  await Promise.all([...idle, ...slow].map((wire) => wire.open));
  for (const wire of slow) wire.send(['PUT /api/v1/clock HTTP/1.1', HOST, CLOCK, JSON_TYPE, 'Content-Length: 1000', '', ''].join('\r\n'));
  const drip = setInterval(() => slow.forEach((wire) => wire.ended || wire.send(' ')), 500);
  const from = Date.now();
  equal(await atOnce(Wire, 64, 20, get('/healthz')), { 200: 1280 }, 'answers');
  check(Date.now() - from < 5000, `the fast ones took ${Date.now() - from} ms`);
  await Promise.race([Promise.all(slow.map((wire) => wire.closed)), pause(40000)]);
  clearInterval(drip);
  equal(slow.filter((wire) => !wire.ended).length, 0, 'slow clients still connected after 40 s');
  await Promise.race([Promise.all(idle.map((wire) => wire.closed)), pause(20000)]);
  equal(idle.filter((wire) => !wire.ended).length, 0, 'idle clients still connected after a minute');
  await serves('slow clients');
});

await test('a head that drips for ever is ended', async () => {
  const wire = new Wire();
  await wire.open;
  wire.send('GET /healthz HTTP/1.1\r\n');
  const drip = setInterval(() => wire.send('X'), 400);
  await Promise.race([wire.closed, pause(30000)]);
  clearInterval(drip);
  check(wire.ended, 'it is still connected after 30 s');
});

await test('clients that vanish leave no trace', async () => {
  for (let i = 0; i < 300; i++) {
    const wire = new Wire();
    await wire.open;
    wire.send(i % 3 ? put('{"offset_s":0}', JSON_TYPE).subarray(0, 40 + (i % 100)) : put('{"offset_s":0}', JSON_TYPE));
    wire.end();
  }
  let left = Infinity;
  for (let tries = 0; left > 2 && tries < 10; tries++) {
    await pause(1000);
    const wire = new Wire();
    left = Number(/^beian_connections (\d+)/m.exec((await wire.send(get('/metrics')).answer()).body)[1]);
    wire.end();
  }
  check(left <= 2, `${left} connections are still counted`);
});

await test('out of descriptors, clients wait and are served when others leave', async () => {
  const small = await startPlatform();
  const { status } = spawnSync('prlimit', ['--pid', String(small.child.pid), '--nofile=150:150']);
  equal(status, 0, 'prlimit');
  const Small = wires(small.url);
  const clients = Array.from({ length: 300 }, () => new Small());
  await Promise.all(clients.map((wire) => wire.open));
  let waiting = clients.map((wire) => wire.send(get('/healthz')));
  for (const wire of clients) wire.answer(30000).then(() => (wire.served = true), () => (wire.refused = true));
  for (let tries = 0; waiting.length && tries < 60; tries++) {
    await pause(250);
    for (const wire of waiting.filter((one) => one.served)) wire.end();
    waiting = waiting.filter((wire) => !wire.served);
  }
  equal(clients.filter((wire) => !wire.served).length, 0, 'clients that were not served');
  await small.stop();
});

await test('figures: requests and latencies by route, the store; not for the outside', async () => {
  const wire = new Wire();
  const { body } = await wire.send(get('/metrics')).answer();
  for (const line of [/^beian_requests_total\{route="\/healthz",method="GET",status="2xx"\} \d+/m, /^beian_request_seconds_bucket\{route="\/api\/v1\/clock",method="PUT",le="\+Inf"\} \d+/m, /^beian_store_commits_total \d+/m])
    match(body, line, 'figures');
  equal((await wire.send(get('/metrics', 'X-Forwarded-For: 203.0.113.9')).answer()).status, 404, 'status through a proxy');
  equal((await wire.send(get('/readyz')).answer()).json, { store: true, files: true }, 'ready');
  wire.end();
});

await test('the OpenAPI document lists the routes', async () => {
  const wire = new Wire();
  const { json } = await wire.send(get('/api/openapi.json')).answer();
  equal(json.openapi, '3.1.0', 'version');
  check(json.paths['/api/v1/clock'].put.requestBody && json.paths['/api/v1/clock'].put.security[0].clock, 'the clock is described');
  const names = new Set(Object.keys(json.components.schemas));
  for (const [, name] of JSON.stringify(json.paths).matchAll(/#\/components\/schemas\/([\w-]+)/g)) check(names.has(name), `the schema ${name} exists`);
  wire.end();
});

await test('told to stop, it answers what is under way and ends well within 5 s', async () => {
  const wires = Array.from({ length: 50 }, () => new Wire());
  const idle = Array.from({ length: 20 }, () => new Wire());
  await Promise.all([...wires, ...idle].map((wire) => wire.open));
  await pause(200);
  for (const wire of wires) wire.send(put('{"offset_s":0}', JSON_TYPE));
  const answers = wires.map((wire) => wire.answer(10000));
  await pause(20);
  const from = Date.now();
  const code = await platform.stop();
  const statuses = (await Promise.all(answers)).map((answer) => answer.status);
  check(statuses.every((status) => status === 200 || status === 503), `statuses ${[...new Set(statuses)]}`);
  check(Date.now() - from < 5000, `it took ${Date.now() - from} ms`);
  check(code === undefined || code === 0 || code?.code === 0, `exit code ${code}`);
});

await test('a second platform on the same store is refused; a killed one lets go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'beian-twice-'));
  const first = await startPlatform({ data: folder });
  const env = { ...process.env, BEIAN_DATA: join(folder, 'data'), BEIAN_LISTEN: `127.0.0.1:${await freePort()}`, BEIAN_STORE: '' };
  const second = spawnSync(BIN, ['serve'], { encoding: 'utf8', env, timeout: 20000 });
  check(second.status !== 0 && second.status !== null, `the second ends with ${second.status}`);
  match(second.stderr, /另一个 beian serve 正在使用/);
  equal(second.stderr.trim().split('\n').length, 1, 'sentences');
  await first.kill();
  await (await startPlatform({ data: folder })).stop();
  rmSync(folder, { recursive: true });
});

await test('what cannot start says why in one sentence', async () => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BEIAN_')));
  const run = (...args) => spawnSync(BIN, args, { encoding: 'utf8', env, timeout: 20000 });
  const data = ['--data', `/tmp/beian-http-${process.pid}`];
  const taken = net.createServer().listen(await freePort(), '127.0.0.1');
  await new Promise((done) => taken.once('listening', done));
  taken.unref();
  for (const [args, pattern] of [
    [['serve', ...data, '--listen', '0.0.0.0:0'], /https/], [['serve', ...data, '--listen', `127.0.0.1:${taken.address().port}`], /占用/],
    [['serve', ...data, '--listen', '127.0.0.1'], /地址:端口/],
    [['serve', ...data, '--listen', '127.0.0.1:70000'], /BEIAN_LISTEN.*65535.*70000/], [['serve', ...data, '--listen', '127.0.0.1:http'], /BEIAN_LISTEN.*http/],
    [['serve', '--colour', 'red'], /colour/], [['serve', '--data', '/proc/nothing'], /\/proc\/nothing/],
  ]) {
    const { status, stderr, stdout } = run(...args);
    check(status !== 0 && status !== null, `${args} ends with ${status}`);
    match(stderr, pattern, `what ${args} says`);
    equal(stdout, '', 'stdout');
  }
  taken.close();
  spawnSync('rm', ['-rf', data[1]]);
});

finish();
