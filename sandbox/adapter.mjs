// Storage of one provider for codes, grants and logins: memory is enough, for they live minutes.
// Own instead of oidc-provider's, which shares one cache of 1,000 entries between all issuers.
import { realNow } from './clock.mjs';

const KEEP_MS = 3600_000; // beyond an entry's life, so that a late code is answered as expired, not as unknown

export function memoryAdapter() {
  const entries = new Map();
  const byUid = new Map();
  const byUserCode = new Map();
  let swept = realNow();

  function sweep() {
    if (realNow() - swept < 60_000) return;
    swept = realNow();
    for (const [key, entry] of entries) {
      if (entry.until > swept) continue;
      entries.delete(key);
      byUid.delete(entry.payload.uid);
      byUserCode.delete(entry.payload.userCode);
    }
  }

  return class MemoryAdapter {
    constructor(model) {
      this.model = model;
    }

    key(id) {
      return `${this.model}:${id}`;
    }

    async upsert(id, payload, expiresIn) {
      sweep();
      entries.set(this.key(id), { payload, until: realNow() + (expiresIn || 0) * 1000 + KEEP_MS });
      if (this.model === 'Session') byUid.set(payload.uid, id);
      if (payload.userCode) byUserCode.set(payload.userCode, id);
    }

    async find(id) {
      return entries.get(this.key(id))?.payload;
    }

    async findByUid(uid) {
      return this.find(byUid.get(uid));
    }

    async findByUserCode(code) {
      return this.find(byUserCode.get(code));
    }

    async consume(id) {
      const entry = entries.get(this.key(id));
      if (entry) entry.payload.consumed = Math.floor(Date.now() / 1000);
    }

    async destroy(id) {
      entries.delete(this.key(id));
    }

    async revokeByGrantId(grantId) {
      for (const [key, entry] of entries) if (entry.payload.grantId === grantId) entries.delete(key);
    }
  };
}
