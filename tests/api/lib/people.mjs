// Sandbox people who log in to the platform as a browser would.
import { Client, request, SANDBOX } from './http.mjs';
import { Failure } from './check.mjs';

const JSON_BODY = { 'content-type': 'application/json' };

async function sandbox(method, path, body) {
  const answer = await request(method, SANDBOX + path, { headers: body ? JSON_BODY : {}, body: body ? JSON.stringify(body) : undefined });
  if (answer.status < 200 || answer.status > 299) throw new Failure(`sandbox ${method} ${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
  return answer.json;
}

// A fresh person of the sandbox: its facts {sub, kind, name, id_no, mobile, org_name, …, domain, ip, site_name, icp}.
export function freshPerson(kind = 'legal', opts = {}) {
  return sandbox('POST', '/people', { kind, ...opts });
}

export function everyone() {
  return sandbox('GET', '/people.json');
}

// Logs `who` in with the client's cookies; the answer of the callback. start: '/login' or '/review/login'.
export async function logIn(client, who, { start = '/login', returnTo } = {}) {
  const query = returnTo ? `?return_to=${encodeURIComponent(returnTo)}` : '';
  const begun = await client.get(start + query);
  if (!begun.headers.location) throw new Failure(`${start} answers ${begun.status}: ${begun.text.slice(0, 300)}`);
  const { redirect_url } = await sandbox('POST', '/login', { sub: who.sub, authorization_url: begun.headers.location });
  return client.get(redirect_url);
}

async function loggedIn(who, options) {
  const client = new Client();
  const answer = await logIn(client, who, options);
  if (answer.status !== 303) throw new Failure(`log-in answers ${answer.status}: ${answer.text.slice(0, 300)}`);
  client.who = who;
  return client;
}

// A client that is logged in as a fresh person (kind 'person') or as somebody who acts for a fresh organisation ('legal').
// opts: {region, subtype, name, org_id_no} as the sandbox takes them, or {who} for somebody who is there already.
export async function person(kind = 'legal', { who, ...opts } = {}) {
  return loggedIn(who || (await freshPerson(kind, opts)));
}

// A client logged in as a fresh officer of a unit ('110101').
export async function officer(unit = '110101', opts = {}) {
  const who = await freshPerson('officer', { unit_code: unit, region: unit, ...opts });
  return loggedIn(who, { start: '/review/login' });
}
