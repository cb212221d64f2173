// A whole login without a browser: walks the provider's pages over HTTP with a cookie jar of its own.
import { request } from './client.mjs';

class Jar {
  #cookies = new Map();

  keep(headers) {
    for (const line of headers['set-cookie'] || []) {
      const [pair, ...attributes] = line.split(/;\s*/);
      const [name] = pair.split('=', 1);
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) || '/';
      if (attributes.some((one) => one.includes('01 Jan 1970'))) this.#cookies.delete(`${path} ${name}`);
      else this.#cookies.set(`${path} ${name}`, { path, pair });
    }
  }

  for(url) {
    const { pathname } = new URL(url);
    return [...this.#cookies.values()].filter(({ path }) => pathname.startsWith(path)).map(({ pair }) => pair).join('; ');
  }
}

// wanted: {sub, authorization_url, refuse?}. Returns [status, answer]; 200 {redirect_url} is the
// provider's last redirect, back to the platform, not followed.
export async function loginAs(wanted, { config, people, issuers }) {
  const { sub, authorization_url: start, refuse } = wanted;
  const issuer = Object.values(issuers).find(({ key }) => typeof start === 'string' && start.startsWith(`${config.url}/${key}/auth?`));
  if (!issuer) return [422, { error: 'authorization_url 不是这里的登录地址。' }];
  const one = people.find(sub);
  if (!refuse && !one) return [404, { error: '没有这个人。' }];
  if (!refuse && !issuer.kinds.includes(one.kind)) return [422, { error: '这个人不能在这个身份平台登录。' }];

  const jar = new Jar();
  let step = { url: start, method: 'GET' };
  for (let hops = 0; hops < 8; hops++) {
    const form = step.body ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
    const answer = await request(step.url, { ...step, headers: { cookie: jar.for(step.url), accept: 'application/json', ...form } });
    jar.keep(answer.headers);
    if (!answer.headers.location) return [400, refusal(answer)];
    const next = new URL(answer.headers.location, step.url).href;
    if (!next.startsWith(`${config.url}/`)) return [200, { redirect_url: next }];
    step = next.includes(`/${issuer.key}/interaction/`)
      ? { url: next, method: 'POST', body: new URLSearchParams(refuse ? { refuse: '1' } : { sub }).toString() }
      : { url: next, method: 'GET' };
  }
  return [500, { error: '登录绕圈了。' }];
}

// The provider shows its error instead of sending it to a place that it doesn't trust.
function refusal({ status, body }) {
  const words = /data-error="([^"]*)" data-description="([^"]*)"/.exec(body);
  return words ? { error: words[1], error_description: words[2] } : { error: `身份平台答复 ${status}` };
}
