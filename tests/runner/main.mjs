// Runs suites, writes build/report/tests.tsv (name, pass|fail, seconds) and ends with `N passed, N failed`.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { root, startWorld } from './world.mjs'
import { startPostgres } from './postgres.mjs'
import { suites } from './suites.mjs'

const words = process.argv.slice(2)
const long = words.includes('--long')
const all = suites(long)
const chosen = words.filter((w) => !w.startsWith('--'))
const only = words.find((w) => w.startsWith('--only='))?.slice(7) // part of a file's name
for (const name of chosen)
  if (!all[name]) {
    console.error(`There is no part "${name}". The parts: ${Object.keys(all).join(' ')}`)
    process.exit(2)
  }

const results = []
const report = join(root, 'build/report')
mkdirSync(join(report, 'rows'), { recursive: true })
const started = Date.now()

function record(suite, name, pass, seconds, why) {
  results.push({ name: name.replace(/[\t\n]/g, ' '), pass, seconds })
  if (!pass) console.log(`not ok ${suite}: ${name}${why ? ': ' + why : ''}`)
}

// One PostgreSQL for all that ask for it, a database for each.
let postgres
let databases = 0
async function database() {
  postgres ??= startPostgres()
  return (await postgres).createDatabase(`world${++databases}`)
}

async function runCommand(suiteName, suite, command) {
  const file = relative(root, command.find((part) => part.startsWith('/')) ?? command[0])
  let world
  let count = 0
  let failed = 0
  let last = Date.now()
  const tail = []
  try {
    if (suite.world) world = await startWorld({ bin: suite.bin, env: suite.world === 'pg' ? { BEIAN_STORE: await database() } : {} })
    const env = {
      ...process.env, BEIAN_LONG: long ? '1' : '', BEIAN_REPORT: report,
      ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=1', UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1'
    }
    if (world)
      Object.assign(env, { URL: world.url, SANDBOX: world.sandbox, BEIAN_BIN: world.bin, BEIAN_DATA_DIR: world.data, BEIAN_PLATFORM_LOG: world.log })
    if (suite.world === 'pg') Object.assign(env, { BEIAN_WORLD_STORE: world.platformEnv.BEIAN_STORE, BEIAN_STORE: await database() })
    const child = spawn(command[0], command.slice(1), { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const late = setTimeout(() => child.kill('SIGKILL'), (long ? 60 : 15) * 60_000)
    const take = (line) => {
      const hit = /^(not )?ok (.*)$/.exec(line)
      tail.push(line)
      if (tail.length > 30) tail.shift()
      if (!hit) return
      const now = Date.now()
      const cut = hit[1] ? hit[2].indexOf(': ') : -1
      const name = cut < 0 ? hit[2] : hit[2].slice(0, cut)
      count++
      if (hit[1]) failed++
      record(suiteName, (suite.prefix ?? '') + name, !hit[1], (now - last) / 1000, cut < 0 ? '' : hit[2].slice(cut + 2))
      last = now
    }
    createInterface({ input: child.stdout }).on('line', take)
    createInterface({ input: child.stderr }).on('line', (line) => { tail.push(line); if (tail.length > 30) tail.shift() })
    const code = await new Promise((done) => child.on('close', (c, signal) => done(c ?? signal)))
    clearTimeout(late)
    if (code !== 0 && failed === 0) record(suiteName, `${file} runs to its end`, false, 0, `ended with ${code}\n    ${tail.slice(-15).join('\n    ')}`)
    else if (count === 0) record(suiteName, `${file} has tests`, false, 0, 'it printed no result')
  } catch (error) {
    record(suiteName, `${file} can start`, false, 0, error.message)
  }
  try {
    await world?.stop()
  } catch (error) {
    record(suiteName, `${file} leaves a sound platform`, false, 0, error.message)
  }
}

for (const [name, suite] of Object.entries(all)) {
  if (chosen.length && !chosen.includes(name)) continue
  const from = Date.now()
  const before = results.length
  const queue = suite.commands.filter((c) => !only || c.some((part) => basename(part).includes(only)))
  const worker = async () => { for (let next; (next = queue.shift()); ) await runCommand(name, suite, next) }
  await Promise.all(Array.from({ length: suite.workers }, worker))
  const mine = results.slice(before)
  console.log(`${name.padEnd(10)} ${mine.filter((r) => r.pass).length} passed, ${mine.filter((r) => !r.pass).length} failed in ${((Date.now() - from) / 1000).toFixed(1)} s`.replace(' passed, ', ' good, ').replace(' failed in', ' bad in'))
}

await postgres?.then((server) => server.stop(), () => {})
writeFileSync(join(report, 'tests.tsv'), results.map((r) => `${r.name}\t${r.pass ? 'pass' : 'fail'}\t${r.seconds.toFixed(2)}\n`).join(''))
const bad = results.filter((r) => !r.pass).length
console.log(`all parts in ${((Date.now() - started) / 1000).toFixed(0)} s`)
console.log(`${results.length - bad} passed, ${bad} failed`)
process.exit(bad || !results.length ? 1 : 0)
