// node sandbox/test.mjs: prints one line per case, `ok NAME` or `not ok NAME: why`; exit code 1 when any failed.
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { createHash, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import http from 'node:http';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from './client.mjs';
import * as numbers from './numbers.mjs';

const cases = [];
const test = (name, run) => cases.push([name, run]);
const base64url = (bytes) => Buffer.from(bytes).toString('base64url');
const parse = (answer) => JSON.parse(answer.body);

// ---- a platform that only knows its clock, and the sandbox as a child process
const state = mkdtempSync(join(tmpdir(), 'beian-sandbox-'));
const platform = { offset: 0, seen: [], refuse: false };
const server = http.createServer((req, res) => {
  let body = '';
  req.on('data', (part) => { body += part; });
  req.on('end', () => {
    platform.seen.push({ method: req.method, url: req.url, authorization: req.headers.authorization, body });
    res.writeHead(platform.refuse ? 403 : 200, { 'content-type': 'application/json' });
    res.end('{}');
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const platformUrl = `http://127.0.0.1:${server.address().port}`;

let child;
let sandbox;
let dnsPort;

function start(listen, extra = {}) {
  return spawn(process.execPath, [fileURLToPath(new URL('main.mjs', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, BEIAN_SANDBOX_LISTEN: listen, BEIAN_SANDBOX_DNS: '127.0.0.1:0', BEIAN_SANDBOX_STATE: state, BEIAN_PLATFORM_URL: platformUrl, ...extra },
  });
}

async function startReady(listen = '127.0.0.1:0') {
  child = start(listen);
  child.stderr.on('data', (part) => process.stderr.write(part));
  const [line] = await once(child.stdout, 'data');
  sandbox = /^sandbox ready (http:\/\/\S+)\n$/.exec(line)[1];
  dnsPort = Number(parse(await get('/healthz')).dns.split(':')[1]);
}

const get = (path) => request(sandbox + path, { headers: { accept: 'application/json' } });
const send = (path, value, method = 'POST') => request(sandbox + path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });
const make = async (wanted) => parse(await send('/people', wanted));
const people = async () => parse(await get('/people.json'));
const secretOf = (name) => readFileSync(join(state, name), 'utf8');

// ---- a relying party, as small as can be
const REDIRECT = { idp: '/login/callback', officers: '/review/callback' };

function begin(issuer, scope, changed = {}) {
  const verifier = base64url(randomBytes(32));
  const asked = {
    client_id: 'beian', response_type: 'code', scope, redirect_uri: platformUrl + REDIRECT[issuer], state: base64url(randomBytes(16)), nonce: base64url(randomBytes(16)),
    code_challenge: base64url(createHash('sha256').update(verifier).digest()), code_challenge_method: 'S256', ...changed,
  };
  const present = Object.entries(asked).filter(([, value]) => value !== undefined);
  return { issuer, verifier, ...asked, url: `${sandbox}/${issuer}/auth?${new URLSearchParams(present)}` };
}

const login = async (sub, login, more = {}) => send('/login', { sub, authorization_url: login.url, ...more });

function exchange(started, code, changed = {}) {
  const form = { grant_type: 'authorization_code', code, redirect_uri: started.redirect_uri, code_verifier: started.verifier, ...changed };
  const basic = Buffer.from(`beian:${changed.secret || secretOf('client-secret')}`).toString('base64');
  delete form.secret;
  return request(`${sandbox}/${started.issuer}/token`, {
    method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${basic}` }, body: new URLSearchParams(form).toString(),
  });
}

async function claimsOf(started, idToken) {
  const [head, payload, signature] = idToken.split('.');
  const { alg, kid } = JSON.parse(Buffer.from(head, 'base64url'));
  assert.equal(alg, 'ES256');
  const { keys } = parse(await get(`/${started.issuer}/jwks`));
  const key = createPublicKey({ key: keys.find((one) => one.kid === kid), format: 'jwk' });
  assert.ok(verify('sha256', Buffer.from(`${head}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')), 'signature');
  return JSON.parse(Buffer.from(payload, 'base64url'));
}

async function wholeLogin(one, issuer, scope) {
  const started = begin(issuer, scope);
  const answer = await login(one.sub, started);
  assert.equal(answer.status, 200, answer.body);
  const back = new URL(parse(answer).redirect_url);
  assert.equal(back.origin + back.pathname, started.redirect_uri);
  assert.equal(back.searchParams.get('state'), started.state);
  assert.equal(back.searchParams.get('iss'), `${sandbox}/${issuer}`);
  const tokens = await exchange(started, back.searchParams.get('code'));
  assert.equal(tokens.status, 200, tokens.body);
  return { started, back, claims: await claimsOf(started, parse(tokens).id_token) };
}

const subset = (one, keys) => Object.fromEntries(keys.map((key) => [key, one[key]]));
const IDENTITY = ['sub', 'kind', 'name', 'id_type', 'id_no', 'mobile'];
const ORGANISATION = ['org_name', 'org_id_type', 'org_id_no', 'legal_rep_name'];
const OFFICER = ['sub', 'kind', 'name', 'unit_code', 'unit_name', 'region', 'roles'];

// ---- cases
test('numbers: published check digits', () => {
  assert.equal(numbers.idCardCheck('11010519491231002'), 'X');
  assert.equal(numbers.idCardCheck('44052418800101001'), '4');
  for (const code of ['91330106673959654P', '1210000042500615X0', '91350100M000100Y43', '914403001922038216']) {
    assert.equal(numbers.usccCheck(code.slice(0, 17)), code[17], code);
    assert.equal(numbers.organisationCheck(code.slice(8, 16)), code[16], code);
  }
});

test('numbers: 500 random ones are well-formed', () => {
  for (let i = 0; i < 500; i++) {
    const id = numbers.idCard('110101');
    assert.match(id, /^110101(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d)\d{3}[\dX]$/);
    assert.equal(numbers.idCardCheck(id), id[17]);
    const code = numbers.uscc('91', '330110');
    assert.equal(numbers.usccCheck(code.slice(0, 17)), code[17]);
    assert.equal(numbers.organisationCheck(code.slice(8, 16)), code[16]);
    assert.match(numbers.mobile(), /^1[3-9]\d{9}$/);
    assert.match(numbers.icp('京'), /^京ICP备2026\d{6}号-1$/);
    assert.match(numbers.ipv4(), /^(39|47|101|106|119|120|123)\./);
    assert.equal(net.isIPv6(numbers.ipv6()), true);
  }
});

test('ready cast: three persons, four organisations, three officers', async () => {
  const all = await people();
  assert.equal(all.filter((one) => one.kind === 'person').length, 3);
  const legal = all.filter((one) => one.kind === 'legal');
  assert.deepEqual([...new Set(legal.map((one) => one.subtype))], ['government', 'institution', 'university', 'enterprise']);
  assert.equal(legal.filter((one) => one.subtype === 'enterprise').length, 2);
  assert.equal(new Set(legal.map((one) => one.org_id_no)).size, 4);
  assert.deepEqual(all.filter((one) => one.kind === 'officer').map((one) => one.unit_code), ['110101', '110108', '330110']);
  assert.equal(statSync(join(state, 'client-secret')).mode & 0o777, 0o600);
});

test('people: fresh ones have all that a filing needs', async () => {
  const one = await make({ kind: 'legal', region: '330110', subtype: 'enterprise' });
  for (const key of [...IDENTITY, ...ORGANISATION, 'domain', 'ip', 'ipv6', 'site_name', 'icp', 'region']) assert.ok(one[key], key);
  assert.equal(one.org_id_no.slice(0, 8), '91330110');
  const second = await make({ kind: 'legal', org_id_no: one.org_id_no });
  assert.equal(second.org_name, one.org_name);
  assert.notEqual(second.sub, one.sub);
  assert.equal((await make({ kind: 'officer', unit_code: '440305' })).unit_code, '440305');
  for (const wrong of [{}, { kind: 'cat' }, { kind: 'person', region: '99' }, { kind: 'legal', subtype: 'ship' }, { kind: 'legal', org_id_no: 'x' }]) assert.equal((await send('/people', wrong)).status, 422);
  assert.equal((await request(`${sandbox}/people`, { method: 'POST', body: '[' })).status, 400);
});

test('discovery: PKCE S256, ES256, RFC 9207, device endpoint for applicants', async () => {
  const found = parse(await get('/idp/.well-known/openid-configuration'));
  assert.equal(found.issuer, `${sandbox}/idp`);
  assert.equal(found.token_endpoint, `${sandbox}/idp/token`);
  assert.deepEqual(found.code_challenge_methods_supported, ['S256']);
  assert.equal(found.authorization_response_iss_parameter_supported, true);
  assert.equal(found.device_authorization_endpoint, `${sandbox}/idp/device/auth`);
  const officers = parse(await get('/officers/.well-known/openid-configuration'));
  assert.equal(officers.issuer, `${sandbox}/officers`);
  assert.equal(officers.device_authorization_endpoint, undefined);
});

test('login: a person, claims in the ID token', async () => {
  const one = await make({ kind: 'person', region: '110108' });
  const { started, claims } = await wholeLogin(one, 'idp', 'openid identity org');
  assert.deepEqual(subset(claims, IDENTITY), subset(one, IDENTITY));
  assert.equal(claims.aud, 'beian');
  assert.equal(claims.nonce, started.nonce);
  assert.equal(claims.iss, `${sandbox}/idp`);
  assert.ok(claims.acr && Array.isArray(claims.amr) && Math.abs(claims.auth_time - Date.now() / 1000) < 5);
  assert.equal(claims.org_name, undefined);
});

test('login: both acting persons of one organisation', async () => {
  const pair = (await people()).filter((one) => one.subtype === 'enterprise' && one.ready);
  for (const one of pair) {
    const { claims } = await wholeLogin(one, 'idp', 'openid identity org');
    assert.deepEqual(subset(claims, [...IDENTITY, ...ORGANISATION]), subset(one, [...IDENTITY, ...ORGANISATION]));
  }
});

test('login: an officer, at the officers\' provider only', async () => {
  const one = await make({ kind: 'officer', region: '110101' });
  const { claims } = await wholeLogin(one, 'officers', 'openid officer');
  assert.deepEqual(subset(claims, OFFICER), subset(one, OFFICER));
  assert.equal((await login(one.sub, begin('idp', 'openid identity'))).status, 422);
});

test('login: claims only for the scopes asked', async () => {
  const { claims } = await wholeLogin(await make({ kind: 'legal' }), 'idp', 'openid');
  assert.equal(claims.id_no, undefined);
  assert.equal(claims.org_name, undefined);
});

test('login: refusal comes back as access_denied with iss and state', async () => {
  const started = begin('idp', 'openid identity');
  const back = new URL(parse(await login(undefined, started, { refuse: true })).redirect_url);
  assert.equal(back.searchParams.get('error'), 'access_denied');
  assert.equal(back.searchParams.get('state'), started.state);
  assert.equal(back.searchParams.get('iss'), `${sandbox}/idp`);
});

test('login: the provider refuses as a real one', async () => {
  const one = await make({ kind: 'person' });
  const stranger = await login(one.sub, begin('idp', 'openid', { redirect_uri: 'http://evil.example/callback' }));
  assert.equal(stranger.status, 400);
  assert.equal(parse(stranger).error, 'invalid_redirect_uri');
  const bare = await login(one.sub, begin('idp', 'openid', { code_challenge: undefined, code_challenge_method: undefined }));
  assert.equal(new URL(parse(bare).redirect_url).searchParams.get('error'), 'invalid_request');
  assert.equal((await send('/login', { sub: one.sub, authorization_url: 'http://evil.example/auth?' })).status, 422);
  assert.equal((await login('nobody', begin('idp', 'openid'))).status, 404);

  const started = begin('idp', 'openid');
  const code = new URL(parse(await login(one.sub, started)).redirect_url).searchParams.get('code');
  assert.equal((await exchange(started, code, { secret: 'wrong' })).status, 401);
  assert.equal((await exchange(started, code, { code_verifier: base64url(randomBytes(32)) })).status, 400);
  assert.equal((await exchange(started, code)).status, 200);
  assert.equal((await exchange(started, code)).status, 400, 'a code works once');
});

test('login: 30 at once', async () => {
  const all = await Promise.all(Array.from({ length: 30 }, () => make({ kind: 'person' })));
  const done = await Promise.all(all.map((one) => wholeLogin(one, 'idp', 'openid identity')));
  done.forEach(({ claims }, i) => assert.equal(claims.sub, all[i].sub));
});

test('login pages: list, refusal button, the person clicked on the home page', async () => {
  const started = begin('idp', 'openid identity');
  const first = await request(started.url);
  const jar = first.headers['set-cookie'].map((one) => one.split(';')[0]).join('; ');
  assert.ok(!first.headers['set-cookie'].some((one) => /expires|max-age/i.test(one)));
  const shown = await request(sandbox + first.headers.location, { headers: { cookie: jar } });
  assert.match(shown.body, /登录为 沈知秋/);
  assert.match(shown.body, /测试环境/);
  assert.match(shown.body, /name="refuse"/);
  const searched = await request(`${sandbox}${first.headers.location}?q=${encodeURIComponent('图书馆')}`, { headers: { cookie: jar } });
  assert.match(searched.body, /登录为 苏静姝/);
  assert.doesNotMatch(searched.body, /登录为 沈知秋/);
  const [one] = await people();
  const clicked = await get(`/as/${one.sub}`);
  assert.equal(clicked.headers.location, `${platformUrl}/login`);
  const as = clicked.headers['set-cookie'][0].split(';')[0];
  const finished = await request(sandbox + first.headers.location, { headers: { cookie: `${jar}; ${as}` } });
  assert.equal(finished.status, 303);
  assert.match(finished.headers.location, /\/idp\/auth\//);
});

test('device flow: a code is given', async () => {
  const basic = Buffer.from(`beian:${secretOf('client-secret')}`).toString('base64');
  const answer = await request(`${sandbox}/idp/device/auth`, {
    method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${basic}` }, body: 'scope=openid+identity',
  });
  assert.equal(answer.status, 200, answer.body);
  assert.match(parse(answer).verification_uri_complete, /\/idp\/device\?user_code=/);
});

// [reply code, addresses] of one look-up; the packet is built and read here by hand too.
async function resolve(name, type) {
  const socket = dgram.createSocket('udp4');
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  socket.send(Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, type, 0, 1]), dnsPort, '127.0.0.1');
  const [reply] = await once(socket, 'message');
  socket.close();
  assert.equal(reply.readUInt16BE(0), 0x1234);
  const found = [];
  let at = 12 + labels.length + 5;
  for (let i = 0; i < reply.readUInt16BE(6); i++) {
    while (reply[at]) at += reply[at] + 1;
    const [kind, length] = [reply.readUInt16BE(at + 1), reply.readUInt16BE(at + 9)];
    const data = reply.subarray(at + 11, at + 11 + length);
    if (kind === 1) found.push([...data].join('.'));
    if (kind === 28) found.push(data.toString('hex'));
    if (kind === 5) found.push('alias');
    at += 11 + length;
  }
  return [reply[3] & 15, found];
}

test('dns: A, AAAA, CNAME, nothing, NXDOMAIN, changes', async () => {
  const one = await make({ kind: 'person' });
  assert.deepEqual(await resolve(one.domain, 1), [0, one.ip]);
  assert.deepEqual(await resolve(one.domain.toUpperCase(), 1), [0, one.ip]);
  assert.equal((await resolve(one.domain, 28))[1].length, 1);
  assert.deepEqual(await resolve(`www.${one.domain}`, 1), [0, ['alias', ...one.ip]]);
  assert.deepEqual(await resolve(one.domain, 15), [0, []]);
  assert.deepEqual(await resolve('not-here.cn', 1), [3, []]);
  assert.equal((await send('/dns', { name: '例子.中国', a: ['47.92.1.2'], aaaa: ['2408:4005::1'] })).status, 200);
  assert.deepEqual(await resolve('xn--fsqu00a.xn--fiqs8s', 1), [0, ['47.92.1.2']]);
  assert.deepEqual(await resolve('xn--fsqu00a.xn--fiqs8s', 28), [0, ['24084005000000000000000000000001']]);
  await send('/dns', { name: one.domain, a: [] });
  assert.deepEqual(await resolve(one.domain, 1), [0, []]);
  await send('/dns', { name: one.domain, remove: true });
  assert.deepEqual(await resolve(one.domain, 1), [3, []]);
  assert.equal((await send('/dns', { name: 'x.cn', a: ['300.1.1.1'] })).status, 422);
});

test('dns: broken packets are survived', async () => {
  const socket = dgram.createSocket('udp4');
  for (let i = 0; i < 200; i++) socket.send(randomBytes(i % 60), dnsPort, '127.0.0.1');
  socket.close();
  assert.equal((await resolve('not-here.cn', 1))[0], 3);
});

// One request written by hand, as a client of a proxy does.
async function raw(text) {
  const socket = net.connect(Number(new URL(sandbox).port), '127.0.0.1');
  socket.end(text);
  let answer = '';
  for await (const part of socket) answer += part;
  return answer;
}

test('sites: behind the proxy, with name and ICP number', async () => {
  const one = await make({ kind: 'legal', subtype: 'university' });
  for (const host of [one.domain, `www.${one.domain}`]) {
    const answer = await raw(`GET http://${host}/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1.1 200/);
    assert.ok(answer.includes(`<title>${one.site_name}</title>`) && answer.includes(one.icp));
  }
  assert.match(await raw('GET http://127.0.0.1/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'), /^HTTP\/1.1 502/);
  assert.match(await raw(`CONNECT ${one.domain}:443 HTTP/1.1\r\nHost: ${one.domain}\r\n\r\n`), /^HTTP\/1.1 403/);
});

function sms(message, secret = secretOf('sms-secret')) {
  const body = JSON.stringify(message);
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  return request(`${sandbox}/sms`, { method: 'POST', headers: { 'x-signature': signature }, body });
}

test('sms: signed, once per id, readable by number', async () => {
  const { mobile } = await make({ kind: 'person' });
  const message = { id: 'm-1', mobile, text: '验证码 402817，5 分钟内有效。' };
  assert.equal((await sms(message)).status, 202);
  assert.deepEqual(parse(await sms(message)), { id: 'm-1', repeated: true });
  assert.equal((await sms({ ...message, id: 'm-2' }, 'wrong')).status, 401);
  assert.equal((await request(`${sandbox}/sms`, { method: 'POST', body: '{}' })).status, 401);
  assert.equal((await sms({ ...message, id: 'm-3', mobile: '123' })).status, 422);
  const kept = parse(await get(`/outbox.json?mobile=${mobile}`));
  assert.deepEqual(kept.map(({ id, text }) => [id, text]), [['m-1', message.text]]);
});

test('clock: the platform moves first, tokens follow', async () => {
  const one = await make({ kind: 'person' });
  const month = 30 * 86400;
  assert.equal((await send('/clock', { offset_s: month }, 'PUT')).status, 200);
  const told = platform.seen.at(-1);
  assert.deepEqual(subset(told, ['method', 'url', 'authorization']), { method: 'PUT', url: '/api/v1/clock', authorization: `Bearer ${secretOf('clock-secret')}` });
  assert.deepEqual(JSON.parse(told.body), { offset_s: month });
  const { claims } = await wholeLogin(one, 'idp', 'openid identity');
  for (const key of ['iat', 'auth_time']) assert.ok(Math.abs(claims[key] - Date.now() / 1000 - month) < 5, key);
  assert.ok(claims.exp > claims.iat);
  platform.refuse = true;
  assert.equal((await send('/clock', { offset_s: 5 }, 'PUT')).status, 502);
  platform.refuse = false;
  assert.equal(parse(await get('/clock')).offset_s, month);
  assert.equal((await send('/clock', { offset_s: 'later' }, 'PUT')).status, 422);
  assert.equal((await send('/clock', { offset_s: -86400 }, 'PUT')).status, 200);
  await wholeLogin(one, 'idp', 'openid');
  assert.equal((await send('/clock', { offset_s: 0 }, 'PUT')).status, 200);
});

test('pages: home lists everything; writes of other sites are refused', async () => {
  const home = (await get('/')).body;
  for (const words of ['测试环境', '沈知秋', '周怀瑾', '吕清和', '郑国栋', '短信发件箱', '时钟', '打开平台']) assert.ok(home.includes(words), words);
  const foreign = await request(`${sandbox}/people`, { method: 'POST', headers: { origin: 'http://evil.example' }, body: '{"kind":"person"}' });
  assert.equal(foreign.status, 403);
  assert.equal((await get('/nothing')).status, 404);
  const added = await request(`${sandbox}/people`, { method: 'POST', headers: { origin: sandbox, 'content-type': 'application/x-www-form-urlencoded' }, body: 'kind=legal&subtype=foundation' });
  assert.equal(added.headers.location, '/#organisations');
});

test('state: all is there after kill -9; SIGTERM ends within a second', async () => {
  const before = [await people(), parse(await get('/outbox.json')), parse(await get('/dns.json')), parse(await get('/idp/jwks'))];
  child.kill('SIGKILL');
  await once(child, 'exit');
  await startReady(new URL(sandbox).host);
  assert.deepEqual([await people(), parse(await get('/outbox.json')), parse(await get('/dns.json')), parse(await get('/idp/jwks'))], before);
  await wholeLogin(before[0][0], 'idp', 'openid identity');
  const started = Date.now();
  child.kill('SIGTERM');
  assert.equal((await once(child, 'exit'))[0], 0);
  assert.ok(Date.now() - started < 1000);
  await startReady();
});

test('start: a taken port is one clear sentence', async () => {
  const second = start(new URL(sandbox).host, { BEIAN_SANDBOX_STATE: join(state, 'second') });
  const parts = [];
  second.stderr.on('data', (part) => parts.push(part));
  assert.equal((await once(second, 'close'))[0], 1);
  assert.match(Buffer.concat(parts).toString(), /^沙盒没有启动：地址 127\.0\.0\.1:\d+ 已被占用。\n$/);
});

// ---- run
let failed = 0;
try {
  await startReady();
  for (const [name, run] of cases) {
    try {
      await run();
      console.log(`ok ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${name}: ${error.message.split('\n').join(' ')}`);
      if (process.env.VERBOSE) console.error(error.stack);
    }
  }
} finally {
  child.kill('SIGKILL');
  server.close();
  rmSync(state, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
