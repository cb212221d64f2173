// bench/run without the building: starts a platform and a sandbox, plays interleaved bursts against it and prints rows of
// `name value unit reference ratio`, ratio = value ÷ reference. --full adds the look-ups at 5 M entries.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, root, startWorld } from '../tests/runner/world.mjs'
import { prepare } from './prepare.mjs'

const full = process.argv.includes('--full')
const only = process.argv.slice(2).find((word) => !word.startsWith('--')) // submissions | lookups
const build = process.env.BENCH_BUILD ?? join(root, 'build')
const bin = join(build, 'beian')
const work = mkdtempSync(join(tmpdir(), 'beian-bench-'))
const ROUNDS = 5
const BURST = 1100

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]
const short = (n) => (Math.abs(n) >= 100 ? Math.round(n) : Math.round(n * 1000) / 1000)
const say = (text) => process.stderr.write(text + '\n')

function row(name, value, unit, reference) {
  const known = reference !== undefined
  console.log([name, short(value), unit, known ? short(reference) : '-', known ? short(value / reference) : '-'].join(' '))
}

// Runs a program of ours to its end; its last line is JSON.
function run(program, args) {
  return new Promise((done, refuse) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.on('data', (part) => (out += part))
    child.on('close', (code) => (code === 0 ? done(JSON.parse(out.trim().split('\n').pop())) : refuse(new Error(`${program} ended with ${code}`))))
  })
}

let files = 0
// requests: [string]; plays them over `connections`, returns the figures and, on demand, [{status, body}].
export async function load(url, connections, requests, wanted = false) {
  const name = join(work, `requests-${++files}`)
  writeFileSync(name, Buffer.concat(requests.map((text) => { const bytes = Buffer.from(text); return Buffer.concat([Buffer.from(bytes.length + '\n'), bytes]) })))
  const figures = await run(join(build, 'bench/bench_load'), [new URL(url).host, String(connections), name, ...(wanted ? [name + '.answers'] : [])])
  if (wanted)
    figures.answers = readFileSync(name + '.answers', 'utf8').split('\n').slice(0, -1).map((line) => ({ status: Number(line.slice(0, 3)), body: line.slice(4) }))
  rmSync(name)
  if (wanted) rmSync(name + '.answers')
  return figures
}

// Nanoseconds of CPU that a process has used.
const cpu = (pid) => readdirSync(`/proc/${pid}/task`).reduce((sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]), 0)
const anonymous = (pid) => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024

// ---- submissions

async function startPeer(sample) {
  const folder = join(root, 'bench/peer')
  if (!existsSync(join(folder, 'node_modules/better-sqlite3/build')))
    if (spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 2, 2] }).status !== 0) throw new Error('the peer does not install')
  const port = await freePort()
  const data = mkdtempSync(join(work, 'peer-'))
  writeFileSync(join(data, 'sample.json'), sample)
  const child = spawn('node', [join(folder, 'server.mjs'), String(port), data, join(data, 'sample.json')], { stdio: ['ignore', 2, 2] })
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(url + '/healthz').then((r) => r.ok, () => false)) return { url, child }
    await new Promise((next) => setTimeout(next, 100))
  }
  throw new Error('the peer does not start')
}

function watchLog(path) {
  const seen = { most: 0 }
  seen.timer = setInterval(() => { if (existsSync(path)) seen.most = Math.max(seen.most, statSync(path).size) }, 20)
  return seen
}

async function submissions() {
  say('preparing accounts, entities and drafts')
  const world = await startWorld({ bin, env: { BEIAN_DECODER: join(build, 'beian-decoder') } })
  const wal = watchLog(join(world.data, 'beian.db-wal'))
  try {
    const { drafts, sample, submit } = await prepare(world, load, ((2 * ROUNDS + 1) * BURST) + 400)
    const take = (count) => drafts.splice(0, count).map(submit)
    const peer = await startPeer(sample)
    const peerRequest = `POST /applications HTTP/1.1\r\nHost: peer\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(sample)}\r\n\r\n${sample}`
    const play = async (connections, count) => {
      const figures = await load(world.url, connections, take(count))
      if (figures.ok !== count) throw new Error(`${count - figures.ok} submissions were refused: ${JSON.stringify(figures)}`)
      return figures
    }
    await play(64, 400)
    await load(peer.url, 64, Array(400).fill(peerRequest))
    const got = { bare: [], at64: [], at256: [], peer: [], p99: [] }
    for (let round = 1; round <= ROUNDS; round++) {
      say(`submissions, round ${round}`)
      const folder = mkdtempSync(join(work, 'bare-'))
      got.bare.push((await run(join(build, 'bench/bench_bare'), [folder, String(2 * BURST)])).rate)
      rmSync(folder, { recursive: true })
      const at64 = await play(64, BURST)
      got.at64.push(at64.rate)
      got.p99.push(at64.p99_us / 1000)
      got.at256.push((await play(256, BURST)).rate)
      got.peer.push((await load(peer.url, 64, Array(BURST).fill(peerRequest))).rate)
    }
    const [reads] = await Promise.all([load(world.url, 16, Array.from({ length: 8000 }, (_, i) => lookup(i))), play(64, BURST)])
    row('submission-loop-64', median(got.at64), '1/s', median(got.bare))
    row('submission-loop-256', median(got.at256), '1/s', median(got.bare))
    row('submission-peer-64', median(got.at64), '1/s', median(got.peer))
    row('submission-p99', median(got.p99), 'ms', 50)
    row('lookup-while-writing-p99', reads.p99_us / 1000, 'ms', 50)
    row('submission-document', Buffer.byteLength(sample), 'bytes', 3072)
    row('memory-after-submissions', anonymous(world.platform.pid), 'MiB', 64)
    row('wal-most', wal.most / 1048576, 'MiB', 16)
    peer.child.kill()
  } finally {
    clearInterval(wal.timer)
    await world.stop()
  }
}

// ---- look-ups

const lookup = (i) => {
  const digits = String(990001 + Math.floor(i / 999000)) + '02' + String(1 + (i % 999000)).padStart(6, '0')
  return `GET /api/v1/register?q=${digits} HTTP/1.1\r\nHost: platform\r\n\r\n`
}
const random = (below) => Math.floor(Math.random() * below)

async function withRegister(entries, body) {
  say(`seeding ${entries} register entries`)
  const world = await startWorld({ bin, sandbox: false, platform: false, env: { BEIAN_DECODER: join(build, 'beian-decoder') } })
  try {
    const seeded = spawnSync(bin, ['seed', '--register', String(entries)], { env: world.platformEnv, stdio: ['ignore', 2, 2] })
    if (seeded.status !== 0) throw new Error('the register was not seeded')
    await world.startPlatform()
    return await body(world)
  } finally {
    await world.stop()
  }
}

async function cost(world, connections, requests) {
  const before = cpu(world.platform.pid)
  const figures = await load(world.url, connections, requests)
  if (figures.ok !== requests.length) throw new Error(`look-ups were refused: ${JSON.stringify(figures)}`)
  return (cpu(world.platform.pid) - before) / requests.length / 1000
}

// Microseconds of CPU per request, medians of interleaved bursts: {bare, hot, uniform}.
async function lookupCosts(world, entries) {
  const hot = Array.from({ length: 1000 }, () => random(entries))
  const burst = {
    bare: () => 'GET /icon.svg HTTP/1.1\r\nHost: platform\r\n\r\n',
    hot: () => lookup(random(10) ? hot[random(1000)] : random(entries)),
    uniform: () => lookup(random(entries))
  }
  const got = { bare: [], hot: [], uniform: [] }
  for (let round = 0; round <= 5; round++)
    for (const name of Object.keys(burst)) {
      const one = await cost(world, 16, Array.from({ length: 20000 }, burst[name]))
      if (round) got[name].push(one) // the first round warms up
    }
  return Object.fromEntries(Object.entries(got).map(([name, list]) => [name, median(list)]))
}

async function lookups() {
  const at10k = full ? await withRegister(10000, (world) => lookupCosts(world, 10000)) : null
  const at1m = await withRegister(1000000, (world) => lookupCosts(world, 1000000))
  row('lookup-bare', at1m.bare, 'us', at1m.bare)
  row('lookup-1m-hot', at1m.hot, 'us', at1m.bare)
  row('lookup-1m-uniform', at1m.uniform, 'us', at1m.bare)
  if (!full) return
  const at5m = await withRegister(5000000, (world) => lookupCosts(world, 5000000))
  row('lookup-5m-10k', at5m.uniform, 'us', at10k.uniform)
}

function sizeOf(path) {
  if (!existsSync(path)) return 0
  const facts = statSync(path)
  return facts.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : facts.size
}

try {
  if (!only || only === 'submissions') await submissions()
  if (!only || only === 'lookups') await lookups()
  row('size-binary', sizeOf(bin) / 1024, 'KiB')
  if (existsSync(join(root, 'web/dist'))) row('size-ui', sizeOf(join(root, 'web/dist')) / 1024, 'KiB')
} finally {
  rmSync(work, { recursive: true, force: true })
}
