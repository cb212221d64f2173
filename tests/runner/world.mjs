// A platform and a sandbox of one's own: fresh data in a temporary directory, free ports, both stopped at the end.
import { spawn } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync, openSync, readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..')

export function freePort() {
  return new Promise((done, refuse) => {
    const server = createServer()
    server.on('error', refuse)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => done(port))
    })
  })
}

async function healthy(url, child, seconds = 30) {
  for (let end = Date.now() + seconds * 1000; Date.now() < end; ) {
    if (child.exitCode !== null) return false
    if (await fetch(url + '/healthz').then((r) => r.ok, () => false)) return true
    await new Promise((next) => setTimeout(next, 50))
  }
  return false
}

function ended(child) {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((done) => child.once('exit', done))
}

// options: bin (the program), env (more BEIAN_*), sandbox: false to leave the sandbox out, keep: true to keep the data.
export async function startWorld(options = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'beian-world-'))
  const data = join(dir, 'data')
  const state = data + '.sandbox'
  mkdirSync(data)
  mkdirSync(state)
  for (const name of ['client-secret', 'sms-secret', 'clock-secret'])
    writeFileSync(join(state, name), randomBytes(32).toString('hex'), { mode: 0o600 })
  const [port, sandboxPort, dnsPort] = [await freePort(), await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const sandbox = `http://127.0.0.1:${sandboxPort}`
  const bin = options.bin ?? process.env.BEIAN_BIN ?? join(root, 'build/beian')
  const platformEnv = {
    ...process.env,
    BEIAN_DATA: data, BEIAN_LISTEN: `127.0.0.1:${port}`, BEIAN_PUBLIC_URL: url, BEIAN_WEB: join(root, 'web/dist'),
    BEIAN_ISSUER: sandbox + '/idp', BEIAN_OFFICER_ISSUER: sandbox + '/officers', BEIAN_OIDC_SECRET_FILE: join(state, 'client-secret'),
    BEIAN_SMS_URL: sandbox + '/sms', BEIAN_SMS_SECRET_FILE: join(state, 'sms-secret'), BEIAN_CLOCK_SECRET_FILE: join(state, 'clock-secret'),
    BEIAN_RESOLVER: `127.0.0.1:${dnsPort}`, BEIAN_EGRESS_PROXY: sandbox, BEIAN_DECODER: join(root, 'build/beian-decoder'),
    ...options.env
  }
  const log = join(dir, 'platform.log')
  const world = { url, sandbox, data, dir, log, bin, platformEnv, platform: null, sandboxProcess: null }
  world.startPlatform = async () => {
    const out = openSync(log, 'a')
    world.platform = spawn(bin, ['serve'], { env: platformEnv, stdio: ['ignore', out, out] })
    if (!(await healthy(url, world.platform))) throw new Error('the platform did not start: ' + readFileSync(log, 'utf8').slice(-2000))
  }
  world.killPlatform = async (signal = 'SIGKILL') => {
    world.platform.kill(signal)
    await ended(world.platform)
  }
  world.stop = async () => {
    for (const child of [world.platform, world.sandboxProcess]) child?.kill('SIGTERM')
    const late = setTimeout(() => [world.platform, world.sandboxProcess].forEach((c) => c?.kill('SIGKILL')), 5000)
    await Promise.all([world.platform, world.sandboxProcess].filter(Boolean).map(ended))
    clearTimeout(late)
    const said = readFileSync(log, { encoding: 'utf8', flag: 'a+' })
    const report = said.match(/^.*(ERROR: AddressSanitizer|ERROR: LeakSanitizer|runtime error:)[\s\S]{0,3000}/m)
    if (!options.keep) rmSync(dir, { recursive: true, force: true })
    if (report) throw new Error('sanitizer: ' + report[0])
  }
  try {
    if (options.sandbox !== false) {
      world.sandboxProcess = spawn('node', [join(root, 'sandbox/main.mjs')], {
        env: {
          ...process.env, BEIAN_SANDBOX_LISTEN: `127.0.0.1:${sandboxPort}`, BEIAN_SANDBOX_DNS: `127.0.0.1:${dnsPort}`, BEIAN_SANDBOX_STATE: state,
          BEIAN_PLATFORM_URL: url, BEIAN_SMS_SECRET_FILE: join(state, 'sms-secret'), BEIAN_CLOCK_SECRET_FILE: join(state, 'clock-secret')
        },
        stdio: ['ignore', 'ignore', openSync(join(dir, 'sandbox.log'), 'a')]
      })
      if (!(await healthy(sandbox, world.sandboxProcess)))
        throw new Error('the sandbox did not start: ' + readFileSync(join(dir, 'sandbox.log'), 'utf8').slice(-2000))
    }
    if (options.platform !== false) await world.startPlatform()
    return world
  } catch (error) {
    await world.stop().catch(() => {})
    throw error
  }
}
