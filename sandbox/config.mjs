// Configuration of the sandbox: environment variables only.
import { join } from 'node:path';

const env = process.env;

function address(text, name) {
  const m = /^(\[[0-9a-fA-F:]+\]|[^:]+):(\d{1,5})$/.exec(text);
  if (!m || Number(m[2]) > 65535) throw new Error(`${name} 应为“地址:端口”，现在是“${text}”。`);
  return { host: m[1].replace(/^\[|\]$/g, ''), port: Number(m[2]) };
}

function webAddress(text, name) {
  try {
    const url = new URL(text);
    if (/^https?:$/.test(url.protocol)) return url.href.replace(/\/$/, '');
  } catch {
    // told below
  }
  throw new Error(`${name} 应为 http 或 https 地址，现在是“${text}”。`);
}

// Throws an Error with one clear sentence when a value makes no sense.
export function readConfig() {
  const listen = address(env.BEIAN_SANDBOX_LISTEN || '127.0.0.1:8081', 'BEIAN_SANDBOX_LISTEN');
  const state = env.BEIAN_SANDBOX_STATE || './data.sandbox';
  const platform = webAddress(env.BEIAN_PLATFORM_URL || 'http://127.0.0.1:8080', 'BEIAN_PLATFORM_URL');
  return {
    listen,
    // Without an own value the name server stands one port above HTTP; known once HTTP listens.
    dns: env.BEIAN_SANDBOX_DNS ? address(env.BEIAN_SANDBOX_DNS, 'BEIAN_SANDBOX_DNS') : null,
    url: env.BEIAN_SANDBOX_URL ? webAddress(env.BEIAN_SANDBOX_URL, 'BEIAN_SANDBOX_URL') : null,
    state,
    platform,
    applicantRedirect: `${platform}/login/callback`,
    officerRedirect: `${platform}/review/callback`,
    clientSecretFile: join(state, 'client-secret'),
    smsSecretFile: env.BEIAN_SMS_SECRET_FILE || join(state, 'sms-secret'),
    clockSecretFile: env.BEIAN_CLOCK_SECRET_FILE || join(state, 'clock-secret'),
  };
}
