// What survives a restart: secrets, signing keys, and journals of one JSON record per line.
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync, renameSync } from 'node:fs';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';

export function openStateDir(dir) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
}

function readOrNull(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function writePrivate(file, text) {
  const next = `${file}.next`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, file);
}

// 64 hex digits without a newline, so that any reader gets the same bytes.
export function secret(file) {
  const known = readOrNull(file);
  if (known?.trim()) return known.trim();
  const fresh = randomBytes(32).toString('hex');
  writePrivate(file, fresh);
  return fresh;
}

export function json(file, make) {
  const known = readOrNull(file);
  if (known) return JSON.parse(known);
  const fresh = make();
  writePrivate(file, JSON.stringify(fresh));
  return fresh;
}

export function writeJson(file, value) {
  writePrivate(file, JSON.stringify(value));
}

// One ES256 key per issuer: a token of one provider must not pass at the other.
export function signingKeys(dir) {
  const make = (kid) => ({
    ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
    kid: `${kid}-${randomBytes(4).toString('hex')}`, alg: 'ES256', use: 'sig',
  });
  return json(join(dir, 'keys.json'), () => ({ idp: make('idp'), officers: make('officers') }));
}

export class Journal {
  constructor(dir, name) {
    this.file = join(dir, `${name}.jsonl`);
    // A line broken off by a crash is the last one; it was never acknowledged.
    this.records = (readOrNull(this.file) || '').split('\n').flatMap((line) => {
      try {
        return line ? [JSON.parse(line)] : [];
      } catch {
        return [];
      }
    });
    if (readOrNull(this.file)?.slice(-1) !== '\n' && this.records.length) appendFileSync(this.file, '\n');
  }

  add(record) {
    appendFileSync(this.file, `${JSON.stringify(record)}\n`, { mode: 0o600 });
    this.records.push(record);
  }
}
