// The egress proxy: plain HTTP to the ready sites, nothing else.
import { sitePage } from './pages.mjs';

function refuse(res, status, sentence) {
  res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  res.end(`${sentence}\n`);
}

// A request with an absolute URI, as clients send it to a proxy.
export function proxy(req, res, people) {
  req.resume();
  let url;
  try {
    url = new URL(req.url);
  } catch {
    return refuse(res, 400, '地址不对。');
  }
  if (req.method !== 'GET' && req.method !== 'HEAD') return refuse(res, 405, '只代理 GET 和 HEAD。');
  const owner = people.siteOf(url.hostname);
  if (!owner || (url.port && url.port !== '80')) return refuse(res, 502, '沙盒里没有这个网站。');
  if (url.pathname !== '/') return refuse(res, 404, '没有这个页面。');
  const page = sitePage(owner);
  res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(page) });
  return res.end(req.method === 'HEAD' ? '' : page);
}

export function refuseTunnel(req, socket) {
  socket.on('error', () => {});
  socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
}
