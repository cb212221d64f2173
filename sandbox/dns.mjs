// A name server over UDP for the ready domains: A, AAAA, CNAME, NXDOMAIN. It knows nothing else and asks nobody.
import dgram from 'node:dgram';
import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { Journal } from './state.mjs';

const A = 1, CNAME = 5, AAAA = 28, ANY = 255;
const TTL_S = 1; // tests change records and look at once
const OK = 0, FORMAT_ERROR = 1, NXDOMAIN = 3, NOT_IMPLEMENTED = 4;

const fold = (name) => domainToASCII(name.toLowerCase().replace(/\.$/, ''));

// The bytes of an IPv6 address in any spelling without an embedded IPv4 part.
function ipv6Bytes(text) {
  const [head, tail] = text.split('::').map((half) => (half ? half.split(':') : []));
  const groups = tail ? [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail] : head;
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

const ipv4Bytes = (text) => Buffer.from(text.split('.').map(Number));

function nameBytes(name) {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

// {name, type, end} of the first question; null when the packet is broken.
function question(packet) {
  const labels = [];
  let at = 12;
  while (at < packet.length && packet[at] !== 0) {
    const length = packet[at];
    if (length > 63 || at + 1 + length > packet.length) return null;
    labels.push(packet.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  if (at + 5 > packet.length) return null;
  return { name: labels.join('.').toLowerCase(), type: packet.readUInt16BE(at + 1), end: at + 5 };
}

function record(name, type, data) {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(TTL_S, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([nameBytes(name), head, data]);
}

export class Dns {
  constructor(config) {
    this.journal = new Journal(config.state, 'dns');
    this.names = new Map();
    this.own = new Map(this.journal.records.map((one) => [one.name, one]));
  }

  // A ready domain; a record set by POST /dns wins over it.
  register(name, records) {
    this.names.set(fold(name), { name: fold(name), ...records });
  }

  lookup(name) {
    const own = this.own.get(name);
    if (own) return own.remove ? undefined : own;
    return this.names.get(name);
  }

  // wanted: {name, a: [], aaaa: [], cname?} or {name, remove: true}. Throws an error with .refused.
  set(wanted) {
    const name = typeof wanted.name === 'string' ? fold(wanted.name) : '';
    const refuse = (sentence) => {
      throw Object.assign(new Error(sentence), { refused: true });
    };
    if (!/^([a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}$/.test(name) || name.length > 253) refuse('name 应为域名。');
    const { a = [], aaaa = [], cname, remove } = wanted;
    if (!Array.isArray(a) || !a.every(isIPv4) || a.length > 16) refuse('a 应为 IPv4 地址的数组。');
    if (!Array.isArray(aaaa) || !aaaa.every((text) => isIPv6(text) && !/[.%]/.test(text)) || aaaa.length > 16) refuse('aaaa 应为 IPv6 地址的数组。');
    if (cname !== undefined && !/^([a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}$/.test(fold(String(cname)))) refuse('cname 应为域名。');
    const one = remove ? { name, remove: true } : { name, a, aaaa, ...(cname && { cname: fold(cname) }) };
    this.journal.add(one);
    this.own.set(name, one);
    return one;
  }

  all() {
    return [...new Set([...this.names.keys(), ...this.own.keys()])].map((name) => this.lookup(name)).filter(Boolean);
  }

  // Follows up to 8 aliases; [code, records].
  answers(name, type) {
    const records = [];
    let owner = name;
    for (let hop = 0; hop < 8; hop++) {
      const one = this.lookup(owner);
      if (!one) return [records.length ? OK : NXDOMAIN, records];
      if (!one.cname) {
        if (type === A || type === ANY) (one.a || []).forEach((text) => records.push(record(owner, A, ipv4Bytes(text))));
        if (type === AAAA || type === ANY) (one.aaaa || []).forEach((text) => records.push(record(owner, AAAA, ipv6Bytes(text))));
        return [OK, records];
      }
      records.push(record(owner, CNAME, nameBytes(one.cname)));
      if (type === CNAME) return [OK, records];
      owner = one.cname;
    }
    return [OK, records];
  }

  // The reply to one packet; null for what deserves none.
  reply(packet) {
    if (packet.length < 12 || packet[2] & 0x80) return null;
    const query = packet.readUInt16BE(4) === 1 ? question(packet) : null;
    const standard = (packet[2] & 0x78) === 0;
    let [code, records] = [FORMAT_ERROR, []];
    if (!standard) code = NOT_IMPLEMENTED;
    else if (query) [code, records] = this.answers(query.name, query.type);
    const head = Buffer.alloc(12);
    packet.copy(head, 0, 0, 2);
    head[2] = 0x84 | (packet[2] & 0x79); // answer, authoritative; opcode and RD as asked
    head[3] = 0x80 | code; // recursion available, or some resolvers complain
    head.writeUInt16BE(query ? 1 : 0, 4);
    head.writeUInt16BE(records.length, 6);
    return Buffer.concat([head, query ? packet.subarray(12, query.end) : Buffer.alloc(0), ...records]);
  }

  // Resolves to the bound port.
  listen({ host, port }) {
    this.socket = dgram.createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    this.socket.on('message', (packet, from) => {
      const reply = this.reply(packet);
      if (reply) this.socket.send(reply, from.port, from.address);
    });
    return new Promise((resolve, reject) => {
      this.socket.once('error', reject);
      this.socket.bind(port, host, () => {
        this.socket.removeListener('error', reject);
        this.socket.on('error', (error) => console.error(`DNS: ${error.message}`));
        resolve(this.socket.address().port);
      });
    });
  }

  close() {
    this.socket?.close();
  }
}
