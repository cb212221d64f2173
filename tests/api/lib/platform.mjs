// A platform of the test's own: another process, port, store and keys. BEIAN_BIN names the binary.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from './http.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const BIN = process.env.BEIAN_BIN || join(root, 'build/beian');

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// env: BEIAN_… settings that differ from the defaults; secrets: {NAME: text} become files, given as BEIAN_NAME.
// {url, data, child, logs: [{event, level, …}], stop(), kill()}; stop removes the data unless `data` was given.
export async function startPlatform({ env = {}, secrets = {}, data, port, args = [] } = {}) {
  const own = !data;
  const folder = data || mkdtempSync(join(tmpdir(), 'beian-test-'));
  const listen = `127.0.0.1:${port || (await freePort())}`;
  const settings = { BEIAN_DATA: join(folder, 'data'), BEIAN_LISTEN: listen, ...env };
  for (const [name, text] of Object.entries(secrets)) {
    settings[`BEIAN_${name}`] = join(folder, name.toLowerCase());
    writeFileSync(settings[`BEIAN_${name}`], text, { mode: 0o600 });
  }
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BEIAN_')));
  const child = spawn(BIN, ['serve', ...args], { env: { ...inherited, ...settings }, stdio: ['ignore', 'ignore', 'pipe'] });
  const logs = [];
  let rest = '', ended = null;
  child.stderr.on('data', (part) => {
    const lines = (rest + part).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      try {
        logs.push(JSON.parse(line));
      } catch {
        logs.push({ event: 'text', text: line });
      }
    }
  });
  const exit = new Promise((resolve) => child.on('close', (code, signal) => resolve((ended = code ?? signal))));
  child.on('error', (error) => (ended = error.message));
  const finish = async (signal) => {
    if (ended === null) child.kill(signal);
    await exit;
    if (own) rmSync(folder, { recursive: true, force: true });
    const said = logs.filter((one) => one.event === 'text').map((one) => one.text).join('\n');
    if (/ERROR: \w+Sanitizer|runtime error:/.test(said)) throw new Error(`sanitizer: ${said.slice(0, 2000)}`);
  };
  const platform = { url: `http://${listen}`, data: folder, child, logs, stop: () => finish('SIGTERM'), kill: () => finish('SIGKILL') };
  for (let tries = 0; tries < 200; tries++) {
    if (ended !== null) throw new Error(`the platform ended (${ended}): ${JSON.stringify(logs.slice(-3))}`);
    const answer = await request('GET', `${platform.url}/healthz`).catch(() => null);
    if (answer?.status === 200) return platform;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  await finish('SIGKILL');
  throw new Error(`the platform does not answer: ${JSON.stringify(logs.slice(-3))}`);
}
