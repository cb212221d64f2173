// The SMS gateway: takes signed messages once each and keeps them in a readable outbox.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Journal } from './state.mjs';

export class Sms {
  constructor(config, sharedSecret) {
    this.secret = sharedSecret;
    this.journal = new Journal(config.state, 'outbox');
    this.ids = new Set(this.journal.records.map((one) => one.id));
  }

  signed(body, signature) {
    const right = Buffer.from(`sha256=${createHmac('sha256', this.secret).update(body).digest('hex')}`);
    const given = Buffer.from(String(signature ?? ''));
    return given.length === right.length && timingSafeEqual(given, right);
  }

  // body: the raw bytes of the POST. Returns [status, answer].
  receive(body, signature) {
    if (!this.signed(body, signature)) return [401, { error: '签名不对。' }];
    let message;
    try {
      message = JSON.parse(body.toString('utf8'));
    } catch {
      return [400, { error: '不是 JSON。' }];
    }
    const { id, mobile, text } = message ?? {};
    if (typeof id !== 'string' || !/^.{1,100}$/.test(id)) return [422, { error: 'id 应为 1 至 100 个字符的字符串。' }];
    if (!/^1[3-9]\d{9}$/.test(mobile)) return [422, { error: 'mobile 应为 11 位手机号码。' }];
    if (typeof text !== 'string' || !text || text.length > 500) return [422, { error: 'text 应为 1 至 500 个字。' }];
    if (this.ids.has(id)) return [200, { id, repeated: true }];
    this.journal.add({ id, mobile, text, at: new Date(Date.now()).toISOString() });
    this.ids.add(id);
    return [202, { id, repeated: false }];
  }

  // Oldest first; all of them without a number.
  outbox(mobile) {
    return mobile ? this.journal.records.filter((one) => one.mobile === mobile) : this.journal.records;
  }
}
