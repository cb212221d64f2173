// An identity platform that lies: every forged or broken answer gives no session, a clear page and a line in the log.
import { createHmac, randomBytes } from 'node:crypto';
import { test, finish, check, equal, match, status, eventually, Client, request, startPlatform, freePort } from './lib/index.mjs';
import { Forger, b64, newKey, pemOf, signature } from './lib/forger.mjs';

const PERSON = { sub: 'person-1', kind: 'person', name: '沈知秋', id_type: 'resident-id', id_no: '11010119900307803X', mobile: '13800138000' };
const LEGAL = { ...PERSON, sub: 'legal-1', kind: 'legal', org_name: '杭州某某有限公司', org_id_type: 'uscc', org_id_no: '91330110MA2AAAAA0X' };
const TYPES = { forged: 'login.forged', expired: 'login.failed', down: 'login.failed', refused: 'login.failed' };

async function aim(forger, env = {}) {
  const secrets = { OIDC_SECRET_FILE: forger.secret, CLOCK_SECRET_FILE: 'clock-secret' };
  return startPlatform({ secrets, env: { BEIAN_ISSUER: forger.issuer, BEIAN_OFFICER_ISSUER: forger.issuer, ...env } });
}

async function begin(platform, client, path = '/login') {
  const answer = await client.get(path);
  return { answer, url: answer.headers.location };
}

async function attempt(platform, forger, { who = PERSON, client = new Client(platform.url) } = {}) {
  const { answer, url } = await begin(platform, client);
  if (!url) return { client, answer };
  return { client, answer: await client.get(forger.authorize(url, who)) };
}

// No session, the page, the log. kind: which page; why: what the log must say.
async function refused(platform, { client, answer }, kind, why, from) {
  check(answer.status >= 400 && answer.status < 600, `status ${answer.status} ${answer.headers.location || ''}`);
  match(answer.headers['content-type'], /^text\/html/, 'media');
  match(answer.text, /没有登录成功[\s\S]*href="\/login(\?return_to=[\w%]+)?">用户登录<\/a>/, 'page');
  check(!/<script|<style|style=|onclick/.test(answer.text), 'script or style in the page');
  check(![...client.cookies.keys()].includes('beian'), 'a session cookie was set');
  status(await client.api('GET', '/me'), 401, 'me');
  const line = await eventually(() => platform.logs.slice(from).find((one) => /^login\.(forged|failed)$/.test(one.event)), 'a log line');
  equal(line.type, `login-${{ down: 'unavailable' }[kind] || kind}`, 'log type');
  equal(line.event, TYPES[kind], 'log event');
  match(line.why, why, 'log reason');
  check(answer.text.includes(line.number), 'the page does not show the number of the log line');
  check(!JSON.stringify(platform.logs.slice(from)).includes(PERSON.id_no), 'a number of a person in the log');
}

const forger = await new Forger({ secret: 'a secret/with+signs' }).listen();
const platform = await aim(forger);

async function forged(name, kind, why, attack, options = {}) {
  await test(`forged: ${name}`, async () => {
    forger.attack = attack;
    const from = platform.logs.length;
    await refused(platform, await attempt(platform, forger, options), kind, why, from);
  });
  forger.attack = {};
}

await test('a right answer of the same provider logs in', async () => {
  for (const who of [PERSON, LEGAL]) {
    const { client, answer } = await attempt(platform, forger, { who });
    equal([status(answer, 303).headers.location, answer.headers['cache-control']], ['/home', 'no-store']);
    equal((await client.api('GET', '/me')).json.kind, who.kind);
  }
});

// ---- the token's header and signature
const stranger = newKey('ES256', forger.key.kid);
const hmac = (secret) => (data) => createHmac('sha256', secret).update(data).digest();
const claim = (change) => ({ claims: (c) => ({ ...c, ...change(c) }) });
const set = (name, value) => claim(() => ({ [name]: value }));
const head = (change) => ({ header: (h) => ({ ...h, ...change }) });

await forged('alg none', 'forged', /alg/, { ...head({ alg: 'none' }), sign: () => Buffer.alloc(0) });
await forged('alg none with the right signature', 'forged', /alg/, head({ alg: 'none' }));
await forged('alg None', 'forged', /alg/, head({ alg: 'None' }));
await forged('HS256 with the public key', 'forged', /alg/, { ...head({ alg: 'HS256' }), sign: hmac(pemOf(forger.key)) });
await forged('HS256 with the client secret', 'forged', /alg/, { ...head({ alg: 'HS256' }), sign: hmac(forger.secret) });
const rsa = newKey('RS256');
await forged('RS256 where ES256 is configured', 'forged', /alg/, { ...head({ alg: 'RS256' }), sign: (data) => signature(rsa, data) });
await forged('a stranger\'s key under the known name', 'forged', /wrong signature/, { sign: (data) => signature(stranger, data) });
await forged('own key in the header', 'forged', /wrong signature/, { ...head({ jwk: stranger.jwk }), sign: (data) => signature(stranger, data) });
await forged('address of own keys in the header', 'forged', /wrong signature/, { ...head({ jku: `${forger.origin}/evil` }), sign: (data) => signature(stranger, data) });
await forged('unknown crit', 'forged', /crit/, head({ crit: ['x'], x: 1 }));
await forged('crit that names exp', 'forged', /crit/, head({ crit: ['exp'], exp: 1 }));
await forged('b64 false', 'forged', /encoding/, head({ b64: false }));
await forged('an access token in place of the ID token', 'forged', /typ/, head({ typ: 'at+jwt' }));
await forged('signature in DER', 'forged', /wrong signature/, { sign: (data) => signature(forger.key, data, 'der') });
await forged('signature of zeros', 'forged', /wrong signature/, { sign: () => Buffer.alloc(64) });
await forged('no signature', 'forged', /signature/, { sign: () => Buffer.alloc(0) });
await forged('signature with padding', 'forged', /base64url/, { token: (t) => `${t}==` });
await forged('dirty base64 in the claims', 'forged', /base64url/, { token: (t, [h, c, s]) => `${h}.${c.slice(0, 8)}\n${c.slice(8)}.${s}` });
await forged('the other base64 alphabet', 'forged', /wrong signature|base64url/, { token: (t, [h, c, s]) => `${h}.${c}.${s.replace(/-/g, '+').replace(/_/g, '/').replace(/^[^+/]/, '+')}` });
await forged('claims changed after signing', 'forged', /wrong signature/, { token: (t, [h, c, s]) => `${h}.${b64(Buffer.from(c, 'base64url').toString().replace('person-1', 'person-2'))}.${s}` });
await forged('claims of another log-in with its signature', 'forged', /nonce/, set('nonce', randomBytes(32).toString('base64url')));
await forged('five parts', 'forged', /three parts/, { token: (t) => `${t}.a.b` });
await forged('empty token', 'forged', /three parts/, { token: () => '' });
await forged('20 KB of claims', 'forged', /too long/, set('filler', 'x'.repeat(20000)));

// ---- the claims
await forged('iss of another platform', 'forged', /iss/, set('iss', 'https://idp.example/idp'));
await forged('iss with a slash more', 'forged', /iss/, claim((c) => ({ iss: `${c.iss}/` })));
await forged('aud is another client', 'forged', /aud/, set('aud', 'other'));
await forged('aud names another client too', 'forged', /aud/, claim((c) => ({ aud: ['beian', 'other'], azp: 'beian' })));
await forged('no aud', 'forged', /aud/, set('aud', undefined));
await forged('azp is another client', 'forged', /azp/, set('azp', 'other'));
await forged('no nonce', 'forged', /nonce/, set('nonce', undefined));
await forged('nonce null', 'forged', /nonce/, set('nonce', null));
await forged('expired', 'forged', /expired/, claim((c) => ({ iat: c.iat - 300, exp: c.iat - 61, auth_time: c.iat - 300 })));
await forged('exp as text', 'forged', /exp/, claim((c) => ({ exp: String(c.exp) })));
await forged('no exp', 'forged', /exp/, set('exp', undefined));
await forged('exp in a thousand years', 'forged', /exp/, claim((c) => ({ exp: c.exp + 3e10 })));
await forged('exp in milliseconds', 'forged', /exp/, claim((c) => ({ exp: c.exp * 1000 })));
await forged('issued in the future', 'forged', /future/, claim((c) => ({ iat: c.iat + 120, exp: c.exp + 120 })));
await forged('issued long ago', 'forged', /long ago/, claim((c) => ({ iat: c.iat - 4000 })));
await forged('no iat', 'forged', /iat/, set('iat', undefined));
await forged('not valid yet', 'forged', /not valid yet/, claim((c) => ({ nbf: c.iat + 120 })));
await forged('no sub', 'forged', /sub/, set('sub', undefined));
await forged('sub is a number', 'forged', /sub/, set('sub', 7));
await forged('at_hash of another access token', 'forged', /at_hash/, set('at_hash', b64(randomBytes(16))));
await forged('no kind', 'forged', /kind/, set('kind', undefined));
await forged('an officer among the applicants', 'forged', /kind/, claim(() => ({ kind: 'officer', unit_code: '110101', unit_name: 'x', region: '110101', roles: ['reviewer'] })));
await forged('kind is a list', 'forged', /kind/, set('kind', ['person']));
await forged('no name', 'forged', /name/, set('name', undefined));
await forged('name is an object', 'forged', /name/, set('name', { toString: 1 }));
await forged('name with a line end', 'forged', /name/, set('name', '沈\n知秋'));
await forged('no id_no', 'forged', /id_no/, set('id_no', undefined));
await forged('an organisation without its code', 'forged', /org_id_no/, set('org_id_no', undefined), { who: LEGAL });
await forged('a claim twice', 'forged', /claims/, { payload: (text) => text.replace('{', '{"sub":"person-9",') });
await forged('NUL in a claim', 'forged', /claims/, { payload: (text) => text.replace('沈知秋', '沈\\u0000') });
await forged('claims that are no UTF-8', 'forged', /claims/, { payload: (text) => Buffer.from(text.replace('沈知秋', '\xff'), 'latin1') });
await forged('claims that are a list', 'forged', /claims/, { payload: (text) => `[${text}]` });
await forged('a hundred levels of nesting', 'forged', /claims/, { payload: (text, c) => JSON.stringify({ ...c, deep: 0 }).replace('"deep":0', `"deep":${'['.repeat(100)}${']'.repeat(100)}`) });

// ---- the token endpoint
const json = (res, code, body, headers) => forger.json(res, code, body, headers);
await forged('token answer redirects', 'forged', /redirect/, { answer: (res) => json(res, 302, '', { location: `${forger.origin}/idp/other` }) });
await forged('token answer is a page', 'forged', /no JSON/, { answer: (res, body) => json(res, 200, JSON.stringify(body), { 'content-type': 'text/html' }) });
await forged('token answer is broken JSON', 'forged', /no JSON/, { answer: (res, body) => json(res, 200, JSON.stringify(body).slice(0, -1)) });
await forged('token answer is over 64 KB', 'down', /64 KiB/, { answer: (res, body) => json(res, 200, { ...body, filler: 'x'.repeat(70000) }) });
function flood(res) {
  res.writeHead(200, { 'content-type': 'application/json' });
  const more = () => { while (!res.destroyed && res.write('x'.repeat(16384))); };
  res.on('drain', more);
  more();
}
function cutOff(res) {
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': 500 });
  res.write('{"id_');
  setTimeout(() => res.destroy(), 20);
}
function dripFeed(res) {
  res.writeHead(200, { 'content-type': 'application/json' });
  const drip = setInterval(() => res.write(' '), 200);
  res.on('close', () => clearInterval(drip));
}
await forged('token answer streams for ever', 'down', /64 KiB/, { answer: flood });
await forged('token answer is cut off', 'down', /token endpoint/, { answer: cutOff });
await forged('token answer is no HTTP', 'down', /token endpoint/, { answer: (res) => res.socket.end('hello\r\n\r\n') });
await forged('token endpoint fails', 'down', /500/, { answer: (res) => json(res, 500, { error: 'server_error' }) });
await forged('token endpoint refuses the client', 'down', /invalid_client/, { answer: (res) => json(res, 401, { error: 'invalid_client' }) });
await forged('token endpoint refuses the code', 'expired', /invalid_grant/, { answer: (res) => json(res, 400, { error: 'invalid_grant' }) });
await forged('no ID token', 'forged', /without ID token/, { answer: (res, { id_token, ...body }) => json(res, 200, body) });
await forged('ID token is a list', 'forged', /without ID token/, { answer: (res, body) => json(res, 200, { ...body, id_token: [body.id_token] }) });
await forged('two ID tokens', 'forged', /no JSON/, { answer: (res, body) => json(res, 200, JSON.stringify(body).replace('{', '{"id_token":"x",')) });
await forged('another token type', 'forged', /bearer/, { answer: (res, body) => json(res, 200, { ...body, token_type: 'mac' }) });
await forged('no access token', 'forged', /bearer/, { answer: (res, { access_token, ...body }) => json(res, 200, body) });
await test('forged: token answer that never ends is given up after 4 s', async () => {
  const began = Date.now(), from = platform.logs.length;
  forger.attack = { answer: dripFeed };
  const answer = await attempt(platform, forger);
  forger.attack = {};
  check(Date.now() - began < 6000, `took ${Date.now() - began} ms`);
  await refused(platform, answer, 'down', /token endpoint/, from);
  equal(answer.answer.headers['retry-after'], '5');
});

await test('a slow provider holds only some of the threads', async () => {
  const other = await new Forger().listen(), own = await aim(other);
  try {
    other.attack = { answer: (res, body) => setTimeout(() => json(res, 200, body), 1500) };
    const first = await Promise.all(Array.from({ length: 4 }, () => attempt(own, other)));
    for (const { answer } of first) status(answer, 303); // late, but right
    const crowd = Promise.all(Array.from({ length: 12 }, () => attempt(own, other)));
    await new Promise((wake) => setTimeout(wake, 100));
    const began = Date.now();
    status(await new Client(own.url).get('/login'), 303);
    check(Date.now() - began < 1000, `others waited ${Date.now() - began} ms`);
    const answers = (await crowd).map(({ answer }) => answer.status).sort();
    check(answers[0] === 303 && answers.at(-1) === 503, `answers ${answers}`);
  } finally {
    await own.stop();
    await other.close();
  }
});

// ---- the browser's way back
const redirect = (change) => ({ redirect: (p) => ({ ...p, ...change }) });
await forged('no state', 'forged', /state/, redirect({ state: undefined }));
await forged('a made up state', 'expired', /state/, redirect({ state: randomBytes(32).toString('base64url') }));
await forged('state with markup', 'forged', /state/, redirect({ state: '"><script>alert(1)</script>' }));
await forged('no iss (RFC 9207)', 'forged', /iss/, redirect({ iss: undefined }));
await forged('iss of another platform in the answer', 'forged', /iss/, redirect({ iss: 'https://evil.example' }));
await forged('no code', 'forged', /code/, redirect({ code: undefined }));
await forged('a made up code', 'expired', /invalid_grant/, redirect({ code: 'x' }));
await forged('an endless code', 'forged', /code/, redirect({ code: 'x'.repeat(3000) }));
await forged('the person refuses', 'refused', /access_denied/, redirect({ code: undefined, error: 'access_denied' }));
await forged('the platform is overloaded', 'down', /temporarily_unavailable/, redirect({ code: undefined, error: 'temporarily_unavailable' }));
await forged('an unknown error with markup', 'forged', /platform answers/, redirect({ error: '<script>alert(1)</script>' }));
await forged('refusal with the iss of another platform', 'forged', /iss/, redirect({ code: undefined, error: 'access_denied', iss: 'https://evil.example' }));

await test('forged: an answer is used once', async () => {
  const client = new Client(platform.url), { url } = await begin(platform, client);
  const back = forger.authorize(url, PERSON), from = platform.logs.length;
  status(await client.get(back), 303);
  const other = new Client(platform.url);
  other.cookies = new Map([...client.cookies].filter(([name]) => name === 'beian-login'));
  await refused(platform, { client: other, answer: await other.get(back) }, 'expired', /used/, from);
});

await test('forged: an answer in another browser (log-in CSRF)', async () => {
  const attacker = new Client(platform.url), victim = new Client(platform.url);
  const { url } = await begin(platform, attacker);
  await begin(platform, victim);
  const from = platform.logs.length, back = forger.authorize(url, PERSON);
  await refused(platform, { client: victim, answer: await victim.get(back) }, 'expired', /another browser/, from);
  const bare = new Client(platform.url), later = platform.logs.length;
  await refused(platform, { client: bare, answer: await bare.get(back) }, 'expired', /did not ask/, later);
  status(await attacker.get(back), 303); // the attempt is still the attacker's own
});

await test('forged: an applicant\'s answer at the officers\' door', async () => {
  const client = new Client(platform.url), { url } = await begin(platform, client);
  await begin(platform, client, '/review/login');
  const back = forger.authorize(url, PERSON).replace('/login/callback', '/review/callback');
  const answer = await client.get(back);
  status(answer, 400);
  match(answer.text, /href="\/review\/login(\?return_to=[\w%]+)?">用户登录/);
  status(await client.api('GET', '/review/me'), 401);
});

await test('two windows of one browser log in at the same time', async () => {
  const client = new Client(platform.url);
  const [first, second] = [await begin(platform, client), await begin(platform, client)];
  status(await client.get(forger.authorize(first.url, PERSON)), 303);
  status(await client.get(forger.authorize(second.url, PERSON)), 303);
});

await test('the same person at once in 20 browsers is one account', async () => {
  const who = { ...PERSON, sub: 'person-many', id_no: '110101199003070011' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => attempt(platform, forger, { who })));
  const keys = new Set();
  for (const { client, answer } of answers) {
    status(answer, 303);
    const me = status(await client.api('GET', '/me'), 200).json;
    keys.add(JSON.stringify([me.name, me.account]));
  }
  equal(keys.size, 1);
});

// ---- keys
await test('forged: a name of a key that is nowhere: one look at the key set, then none for a while', async () => {
  const before = forger.hits.keys, from = platform.logs.length;
  forger.attack = head({ kid: 'nowhere' });
  await refused(platform, await attempt(platform, forger), 'forged', /no such key/, from);
  for (let i = 0; i < 5; i++) await attempt(platform, forger);
  forger.attack = {};
  equal(forger.hits.keys - before, 1, 'fetches of the key set');
});
await test('the platform\'s new key is taken up', async () => {
  const other = await new Forger().listen(), own = await aim(other);
  try {
    status((await attempt(own, other)).answer, 303);
    other.rotate();
    status((await attempt(own, other)).answer, 303);
    equal(other.hits, { metadata: 1, keys: 2, token: 2 }, 'fetches');
  } finally {
    await own.stop();
    await other.close();
  }
});

// ---- what the platform says about itself; each with a fresh platform, which has nothing kept
async function misled(name, kind, why, attack, options = {}) {
  await test(`forged: ${name}`, async () => {
    const other = await new Forger(options).listen(), own = await aim(other, options.env);
    try {
      other.attack = attack;
      await refused(own, await attempt(own, other), kind, why, 0);
      equal(own.logs.filter((one) => one.event === 'login.done').length, 0, 'log-ins');
    } finally {
      await own.stop();
      await other.close();
    }
  });
}
const says = (change) => ({ metadata: (m) => ({ ...m, ...change }) });
await misled('metadata of another issuer', 'forged', /another issuer/, says({ issuer: 'https://idp.example/idp' }));
await misled('metadata that redirects', 'down', /302/, { metadataAnswer: (res) => json(res, 302, '', { location: `${forger.issuer}/.well-known/openid-configuration` }) });
await misled('metadata that is a page', 'forged', /no JSON/, { metadataAnswer: (res) => json(res, 200, '<html>', { 'content-type': 'text/html' }) });
await misled('metadata over 64 KB', 'down', /64 KiB/, { metadata: (m) => ({ ...m, filler: 'x'.repeat(70000) }) });
await misled('token endpoint in the clear', 'forged', /address/, says({ token_endpoint: 'http://idp.example/token' }));
await misled('token endpoint is a file', 'forged', /address/, says({ token_endpoint: 'file:///etc/passwd' }));
await misled('authorization endpoint is a script', 'forged', /address/, says({ authorization_endpoint: 'javascript:alert(1)' }));
await misled('platform without PKCE', 'forged', /PKCE/, says({ code_challenge_methods_supported: ['plain'] }));
await misled('platform that signs otherwise', 'forged', /algorithm/, says({ id_token_signing_alg_values_supported: ['RS256', 'none'] }));
await misled('two keys of one name', 'forged', /two keys/, { keys: (s) => ({ keys: [...s.keys, newKey('ES256', s.keys[0].kid).jwk] }) });
await misled('key that is not on the curve', 'forged', /broken/, { keys: (s) => ({ keys: [{ ...s.keys[0], x: b64(Buffer.alloc(32, 7)) }] }) });
await misled('key that is for encrypting', 'forged', /no such key/, { keys: (s) => ({ keys: [{ ...s.keys[0], use: 'enc' }] }) });
await misled('symmetric key', 'forged', /no such key/, { keys: (s) => ({ keys: [{ kty: 'oct', k: b64('x'), kid: s.keys[0].kid, alg: 'ES256' }] }) });
await misled('key set without keys', 'forged', /keys/, { keys: () => ({}) });
await misled('no kid and two keys', 'forged', /no such key/, { keys: (s) => ({ keys: [...s.keys, newKey().jwk] }), header: ({ kid, ...h }) => h });
await misled('HS256 with the RSA key', 'forged', /alg/, { ...head({ alg: 'HS256' }), sign: (data, f) => hmac(pemOf(f.key))(data) }, { alg: 'RS256', env: { BEIAN_OIDC_ALG: 'RS256' } });
await misled('a weak RSA key', 'forged', /weak/, { keys: (s) => ({ keys: [{ ...s.keys[0], n: s.keys[0].n.slice(0, 160) }] }) }, { alg: 'RS256', env: { BEIAN_OIDC_ALG: 'RS256' } });

for (const alg of ['RS256', 'Ed25519'])
  await test(`${alg} by configuration`, async () => {
    const other = await new Forger({ alg }).listen(), own = await aim(other, { BEIAN_OIDC_ALG: alg });
    try {
      status((await attempt(own, other)).answer, 303);
      const from = own.logs.length;
      other.attack = { sign: (data) => signature(newKey(alg), data) };
      await refused(own, await attempt(own, other), 'forged', /wrong signature/, from);
    } finally {
      await own.stop();
      await other.close();
    }
  });

await test('provider down: the log-in page says so at once, the rest works, and it recovers', async () => {
  const port = await freePort(), late = new Forger();
  const own = await aim({ secret: late.secret, issuer: `http://127.0.0.1:${port}/idp` });
  try {
    const client = new Client(own.url), began = Date.now();
    await refused(own, { client, answer: await client.get('/login') }, 'down', /metadata/, 0);
    check(Date.now() - began < 3000, 'slow');
    equal((await client.get('/login')).headers['retry-after'], '5', 'not asked again at once');
    status(await request('GET', `${own.url}/healthz`), 200);
    await late.listen(port);
    await eventually(async () => (await attempt(own, late)).answer.status === 303, 'a log-in after the recovery');
  } finally {
    await own.stop();
    await late.close();
  }
});

await test('tokens follow the moved clock, sessions real time', async () => {
  const headers = { authorization: 'Bearer clock-secret', 'content-type': 'application/json' };
  const put = (offset_s) => request('PUT', `${platform.url}/api/v1/clock`, { headers, body: JSON.stringify({ offset_s }) });
  const { client } = await attempt(platform, forger);
  status(await put(40 * 86400), 200);
  await new Promise((wake) => setTimeout(wake, 1100));
  status(await client.api('GET', '/me'), 200, 'session after 40 days of business time');
  const from = platform.logs.length;
  await refused(platform, await attempt(platform, forger), 'forged', /expired/, from);
  forger.offset_s = 40 * 86400;
  status((await attempt(platform, forger)).answer, 303);
  forger.offset_s = 0;
  status(await put(0), 200);
});

await platform.stop();
await forger.close();
finish();
