// Configuration of the sandbox: environment variables only.
import { join } from 'node:path';

const env = process.env;

function address(text, name) {
  const m = /^(\[[0-9a-fA-F:]+\]|[^:]+):(\d{1,5})$/.exec(text);
  if (!m || Number(m[2]) > 65535) throw new Error(`${name} 应为“地址:端口”，现在是“${text}”。`);
  return { host: m[1].replace(/^\[|\]$/g, ''), port: Number(m[2]) };
}

// Throws an Error with one clear sentence when a value makes no sense.
export function readConfig() {
  const listen = address(env.BEIAN_SANDBOX_LISTEN || '127.0.0.1:8081', 'BEIAN_SANDBOX_LISTEN');
  const state = env.BEIAN_SANDBOX_STATE || './data.sandbox';
  const platform = new URL(env.BEIAN_PLATFORM_URL || 'http://127.0.0.1:8080').href.replace(/\/$/, '');
  return {
    listen,
    // Without an own value the name server stands one port above HTTP; known once HTTP listens.
    dns: env.BEIAN_SANDBOX_DNS ? address(env.BEIAN_SANDBOX_DNS, 'BEIAN_SANDBOX_DNS') : null,
    url: env.BEIAN_SANDBOX_URL ? new URL(env.BEIAN_SANDBOX_URL).origin : null,
    state,
    platform,
    applicantRedirect: `${platform}/login/callback`,
    officerRedirect: `${platform}/review/callback`,
    clientSecretFile: join(state, 'client-secret'),
    smsSecretFile: env.BEIAN_SMS_SECRET_FILE || join(state, 'sms-secret'),
    clockSecretFile: env.BEIAN_CLOCK_SECRET_FILE || join(state, 'clock-secret'),
  };
}
