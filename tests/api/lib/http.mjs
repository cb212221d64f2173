// HTTP for the API tests: one request without following redirects, and a client with a cookie jar.
import http from 'node:http';
import https from 'node:https';

export const URL_ = (process.env.URL || 'http://127.0.0.1:8080').replace(/\/$/, '');
export const SANDBOX = (process.env.SANDBOX || 'http://127.0.0.1:8081').replace(/\/$/, '');

// {status, headers, text, json?}: json is there when the answer's media type is JSON. Rejects on a network error or after 30 s.
export function request(method, url, { headers = {}, body, agent } = {}) {
  const bytes = body === undefined || body === null ? null : Buffer.isBuffer(body) ? body : Buffer.from(body);
  const length = bytes ? { 'content-length': bytes.length } : {};
  return new Promise((resolve, reject) => {
    const { request: open } = url.startsWith('https:') ? https : http;
    const req = open(url, { method, headers: { ...length, ...headers }, agent, timeout: 30000 }, (res) => {
      const parts = [];
      res.on('data', (part) => parts.push(part));
      res.on('error', reject);
      res.on('end', () => {
        const raw = Buffer.concat(parts);
        const answer = { status: res.statusCode, headers: res.headers, raw, text: raw.toString() };
        if (/^application\/([\w.-]+\+)?json/.test(res.headers['content-type'] || '') && raw.length) answer.json = JSON.parse(answer.text);
        resolve(answer);
      });
    });
    req.on('timeout', () => req.destroy(new Error(`no answer in 30 s: ${method} ${url}`)));
    req.on('error', reject);
    req.end(bytes ?? undefined);
  });
}

// A browser without pages: keeps cookies of one origin, sends them back.
export class Client {
  constructor(base = URL_) {
    this.base = base;
    this.cookies = new Map();
  }

  cookieHeader() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  keep(headers) {
    for (const line of headers['set-cookie'] || []) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line);
      const gone = /;\s*max-age=0\b/i.test(line) || /01 Jan 1970/.test(line) || value === '';
      if (gone) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }

  // url may be a path of the platform. The answer of `request`; redirects are not followed.
  async send(method, url, { headers = {}, ...rest } = {}) {
    const cookie = this.cookieHeader();
    const target = url.startsWith('/') ? this.base + url : url;
    const answer = await request(method, target, { ...rest, headers: { ...(cookie ? { cookie } : {}), ...headers } });
    this.keep(answer.headers);
    return answer;
  }

  get(url, options) {
    return this.send('GET', url, options);
  }

  // path below /api/v1 ("/me"); body an object (sent as JSON), or a Buffer (sent as it is).
  api(method, path, body, headers = {}) {
    const kind = body === undefined || Buffer.isBuffer(body) ? {} : { 'content-type': 'application/json' };
    const bytes = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const own = method === 'GET' ? {} : { 'x-beian': '1' };
    return this.send(method, `/api/v1${path}`, { body: bytes, headers: { ...own, ...kind, ...headers } });
  }
}
