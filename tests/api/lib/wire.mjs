// Raw connections, for what an HTTP client would not send.
import net from 'node:net';

// A raw connection: send text, read whole answers {status, head, body}; `closed` resolves when the server ends it.
export class Wire {
  constructor(to) {
    this.buffer = Buffer.alloc(0);
    this.waiting = [];
    this.ended = false;
    this.socket = net.connect(to);
    this.open = new Promise((done, fail) => this.socket.once('connect', done).once('error', fail));
    this.closed = new Promise((done) => this.socket.on('close', done));
    this.socket.on('data', (part) => {
      this.buffer = Buffer.concat([this.buffer, part]);
      this.take();
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.ended = true;
      for (const { fail } of this.waiting.splice(0)) fail(new Error('closed without an answer'));
    });
  }
  send(text) {
    this.socket.write(text);
    return this;
  }
  take() {
    while (this.waiting.length) {
      const end = this.buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.buffer.subarray(0, end).toString();
      const { done, bodyless } = this.waiting[0];
      const length = bodyless ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      if (this.buffer.length < end + 4 + length) return;
      const body = this.buffer.subarray(end + 4, end + 4 + length).toString();
      this.buffer = this.buffer.subarray(end + 4 + length);
      this.waiting.shift();
      done({ status: Number(head.slice(9, 12)), head, body, json: /json/i.test(/^content-type: (.*)$/im.exec(head)?.[1]) && body ? JSON.parse(body) : null });
    }
  }
  answer(ms = 15000, bodyless = false) {
    return new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error(`no answer in ${ms} ms`)), ms);
      const end = (then) => (value) => (clearTimeout(late), then(value));
      this.waiting.push({ done: end(done), fail: end(fail), bodyless });
      if (this.ended) this.waiting.pop().fail(new Error('closed without an answer'));
      this.take();
    });
  }
  end() {
    this.socket.destroy();
  }
}

// A client for an origin: new Client() connects there.
export function wires(url) {
  const { hostname, port } = new URL(url);
  return class extends Wire {
    constructor() {
      super({ host: hostname, port });
    }
  };
}

// All at once, several rounds: each client sends when all are ready. Nobody may be left without an answer. {status: count}
export async function atOnce(Client, count, rounds, text) {
  const clients = Array.from({ length: count }, () => new Client());
  await Promise.all(clients.map((wire) => wire.open));
  const seen = {};
  for (let round = 0; round < rounds; round++) {
    for (const wire of clients) wire.send(text);
    for (const { status } of await Promise.all(clients.map((wire) => wire.answer(20000)))) seen[status] = (seen[status] ?? 0) + 1;
  }
  for (const wire of clients) wire.end();
  return seen;
}
