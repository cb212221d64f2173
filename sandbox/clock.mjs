// The test clock: Date.now() of this process runs with the platform's offset, so that the times inside
// tokens and codes follow it. Timers, and realNow(), stay on real time.
import { join } from 'node:path';
import { json, writeJson } from './state.mjs';
import { request } from './client.mjs';

export const realNow = Date.now.bind(Date);
const LIMIT_S = 20 * 366 * 86400;

export class Clock {
  constructor(config, clockSecret) {
    this.file = join(config.state, 'clock.json');
    this.config = config;
    this.secret = clockSecret;
    this.offset = json(this.file, () => ({ offset_s: 0 })).offset_s;
    Date.now = () => realNow() + this.offset * 1000;
  }

  read() {
    return { offset_s: this.offset, now: new Date(Date.now()).toISOString() };
  }

  // The platform's clock moves first; when it refuses, ours stays. Returns [status, answer].
  async move(offset) {
    if (!Number.isInteger(offset) || Math.abs(offset) > LIMIT_S) {
      return [422, { error: 'offset_s 应为整数秒，前后不超过 20 年。' }];
    }
    let answer;
    try {
      answer = await request(`${this.config.platform}/api/v1/clock`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${this.secret}`, 'content-type': 'application/json', 'x-beian': '1' },
        body: JSON.stringify({ offset_s: offset }),
      });
    } catch (error) {
      return [502, { error: `平台没有应答（${error.code || error.message}），时钟没有改。` }];
    }
    if (answer.status < 200 || answer.status > 299) {
      return [502, { error: `平台拒绝改时钟（${answer.status}），时钟没有改。`, platform: answer.body.slice(0, 2000) }];
    }
    this.offset = offset;
    writeJson(this.file, { offset_s: offset });
    return [200, this.read()];
  }
}
