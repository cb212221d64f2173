// Every address of the sandbox, apart from what oidc-provider serves itself.
import { readFileSync } from 'node:fs';
import { homePage, outboxList } from './home.mjs';
import { loginAs } from './login.mjs';
import { errorPage, loginPage, notePage, what } from './pages.mjs';

const BODY_LIMIT = 64 * 1024;
const FOUND = 20;
const asset = (name) => readFileSync(new URL(name, import.meta.url));
const STYLE = asset('style.css');
const SCRIPT = asset('home.js');
const AS = 'sandbox_as'; // the person clicked on the home page, for the login that follows at once

function send(res, status, type, body, headers = {}) {
  res.writeHead(status, {
    'content-type': `${type}; charset=utf-8`, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers,
  });
  res.end(body);
}

const sendJson = (res, status, value) => send(res, status, 'application/json', `${JSON.stringify(value)}\n`);
const redirect = (res, location, headers = {}) => send(res, 303, 'text/plain', '', { location, ...headers });

function sendPage(res, { config }, status, text, headers) {
  const policy = `default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ${new URL(config.platform).origin}`;
  send(res, status, 'text/html', String(text), { 'content-security-policy': policy, ...headers });
}

// The raw bytes; rejects with .refused above the limit.
async function bodyOf(req) {
  const parts = [];
  let size = 0;
  for await (const part of req) {
    size += part.length;
    if (size > BODY_LIMIT) throw Object.assign(new Error('内容太长。'), { refused: true, status: 413 });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const isForm = (req) => /^application\/x-www-form-urlencoded/.test(req.headers['content-type'] || '');

// An object from a form or from JSON.
async function valuesOf(req) {
  const body = (await bodyOf(req)).toString('utf8');
  if (isForm(req)) return Object.fromEntries(new URLSearchParams(body));
  let value = null;
  try {
    value = JSON.parse(body || '{}');
  } catch {
    // told below, as anything that is no object
  }
  if (!value || typeof value !== 'object' || Array.isArray(value)) throw Object.assign(new Error('内容应为 JSON 对象。'), { refused: true, status: 400 });
  return value;
}

const cookie = (req, name) => new RegExp(`(?:^|;\\s*)${name}=([\\w-]+)`).exec(req.headers.cookie || '')?.[1];

async function makePerson(req, res, { people }) {
  const one = people.make(await valuesOf(req));
  if (isForm(req)) return redirect(res, one.kind === 'legal' ? '/#organisations' : '/#people');
  return sendJson(res, 201, one);
}

// From the home page: remembers the person and starts the platform's own login.
function loginFromHome(req, res, { config, people }, { path }) {
  const one = people.find(path.slice('/as/'.length));
  if (!one) return missing(req, res);
  const start = one.kind === 'officer' ? '/review/login' : '/login';
  return redirect(res, config.platform + start, { 'set-cookie': `${AS}=${one.sub}; Path=/; Max-Age=30; HttpOnly; SameSite=Lax` });
}

async function moveClock(req, res, { clock, ...world }) {
  const values = await valuesOf(req);
  if (!isForm(req)) return sendJson(res, ...(await clock.move(values.offset_s)));
  const [status, answer] = await clock.move('add' in values ? clock.offset + Number(values.add) : Number(values.set));
  if (status === 200) return redirect(res, '/#clock');
  return sendPage(res, world, status, notePage('时钟没有改', answer.error));
}

function choices({ people }, issuer, query) {
  const all = people.all().filter((one) => issuer.kinds.includes(one.kind));
  if (query) return all.filter((one) => one.sub === query || `${one.name} ${what(one)}`.includes(query)).slice(0, FOUND);
  return [...all.filter((one) => one.ready), ...all.filter((one) => !one.ready).slice(-5).reverse()];
}

const forget = `${AS}=; Path=/; Max-Age=0`;

async function interaction(req, res, world, issuer, { path, query }) {
  let details;
  try {
    details = await issuer.details(req, res);
  } catch (error) {
    return sendPage(res, world, 400, errorPage({ error: 'invalid_request', error_description: error.error_description || error.message }));
  }
  if (path !== `/${issuer.key}/interaction/${details.uid}`) return missing(req, res);
  const known = (sub) => issuer.kinds.includes(world.people.find(sub)?.kind);
  if (req.method === 'POST') {
    const { sub, refuse } = await valuesOf(req);
    if (!refuse && !known(sub)) return sendPage(res, world, 422, notePage('不能登录', '没有这个人。'));
    return issuer.finish(req, res, refuse ? null : sub);
  }
  const clicked = cookie(req, AS);
  if (known(clicked)) {
    res.setHeader('set-cookie', forget);
    return issuer.finish(req, res, clicked);
  }
  const wanted = (query.get('q') || '').trim().slice(0, 60);
  return sendPage(res, world, 200, loginPage(issuer.key, details.uid, choices(world, issuer, wanted), wanted, world.clock.offset));
}

const missing = (req, res) => sendJson(res, 404, { error: '没有这个地址。' });

const ROUTES = {
  'GET /': (req, res, world) => sendPage(res, world, 200, homePage(world)),
  'GET /style.css': (req, res) => send(res, 200, 'text/css', STYLE),
  'GET /home.js': (req, res) => send(res, 200, 'text/javascript', SCRIPT),
  'GET /healthz': (req, res, { dnsAddress }) => sendJson(res, 200, { status: 'ok', dns: dnsAddress }),
  'GET /people.json': (req, res, { people }) => sendJson(res, 200, people.all()),
  'POST /people': makePerson,
  'GET /outbox.json': (req, res, { sms }, { query }) => sendJson(res, 200, sms.outbox(query.get('mobile'))),
  'GET /outbox.html': (req, res, { sms }) => send(res, 200, 'text/html', String(outboxList(sms.outbox()))),
  'POST /sms': async (req, res, { sms }) => sendJson(res, ...sms.receive(await bodyOf(req), req.headers['x-signature'])),
  'GET /dns.json': (req, res, { dns }) => sendJson(res, 200, dns.all()),
  'POST /dns': async (req, res, { dns }) => sendJson(res, 200, dns.set(await valuesOf(req))),
  'POST /login': async (req, res, world) => sendJson(res, ...(await loginAs(await valuesOf(req), world))),
  'GET /clock': (req, res, { clock }) => sendJson(res, 200, clock.read()),
  'PUT /clock': moveClock,
  'POST /clock': moveClock,
};

async function route(req, res, world) {
  const url = new URL(req.url, 'http://sandbox');
  const address = { path: url.pathname, query: url.searchParams };
  const issuer = world.issuers[address.path.split('/')[1]];
  if (issuer && address.path.startsWith(`/${issuer.key}/interaction/`)) return interaction(req, res, world, issuer, address);
  if (issuer) return issuer.handle(req, res);
  if (req.method === 'GET' && address.path.startsWith('/as/')) return loginFromHome(req, res, world, address);
  const handler = ROUTES[`${req.method} ${address.path}`];
  return handler ? handler(req, res, world, address) : missing(req, res);
}

// A page of another site may not move the clock or make people.
function foreign({ method, headers: { origin, host } }) {
  return method !== 'GET' && method !== 'HEAD' && origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
}

export async function answer(req, res, world) {
  if (!world.ready) return sendJson(res, 503, { error: '正在启动。' });
  if (foreign(req)) return sendJson(res, 403, { error: '只接受本站的请求。' });
  try {
    return await route(req, res, world);
  } catch (error) {
    if (!error.refused) console.error(error.stack);
    if (res.headersSent) return res.destroy();
    return sendJson(res, error.refused ? error.status || 422 : 500, { error: error.refused ? error.message : '沙盒出错了。' });
  }
}
