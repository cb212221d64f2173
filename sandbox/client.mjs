// One small HTTP request without following redirects (fetch of Node 18 warns on stderr).
import http from 'node:http';
import https from 'node:https';

const CAP = 1 << 20;

// Resolves to {status, headers, body}; rejects on a network error, after 5 s or 1 MB.
export function request(url, { method = 'GET', headers = {}, body = '' } = {}) {
  const { request: open } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const length = body ? { 'content-length': Buffer.byteLength(body) } : {};
    const req = open(url, { method, headers: { ...headers, ...length }, timeout: 5000 }, (res) => {
      const parts = [];
      let size = 0;
      res.on('data', (part) => {
        size += part.length;
        if (size > CAP) return req.destroy(new Error('answer too long'));
        parts.push(part);
      });
      res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, body: Buffer.concat(parts).toString() }));
      res.on('error', reject);
    });
    req.on('timeout', () => req.destroy(new Error('timeout')));
    req.on('error', reject);
    req.end(body);
  });
}
