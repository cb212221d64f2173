// What there is to run. A suite is a list of commands; a command prints `ok NAME` or `not ok NAME: why`, one line a test.
// world: true gives it a platform and a sandbox of its own (URL, SANDBOX, …); workers: how many run side by side.
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from './world.mjs'

const checked = join(root, 'build/checked')
const list = (folder, pattern) => {
  const at = join(root, folder)
  return existsSync(at) ? readdirSync(at).filter((name) => pattern.test(name)).sort().map((name) => join(at, name)) : []
}
const node = (file) => ['node', file]

// Files of tests/api that say nothing about the store: they start platforms of their own, on SQLite, or ask none.
const ONE_STORE = {
  'login-forged.test.mjs': 'aims platforms of its own at a forger',
  'http.test.mjs': 'framing, limits and headers; the store is not asked'
}
const onBoth = (file) => !(basename(file) in ONE_STORE)

export function suites(long) {
  return {
    style: { workers: 1, commands: list('tests/style', /\.test\.mjs$/).map(node) },
    unit: {
      workers: 2,
      commands: [
        ...list('build/checked/tests/unit', /^test_[a-z_]+$/).map((file) => [file]),
        ...list('tests/unit', /\.test\.mjs$/).map(node),
        ...(existsSync(join(root, 'sandbox/test.mjs')) ? [node(join(root, 'sandbox/test.mjs'))] : [])
      ]
    },
    web: { workers: 1, commands: list('tests/web', /\.test\.mjs$/).map(node) },
    api: { workers: 2, world: true, bin: join(checked, 'beian'), commands: list('tests/api', /\.test\.mjs$/).map(node) },
    // The same tests on PostgreSQL. world: 'pg' gives the platform a database of its own (BEIAN_WORLD_STORE); BEIAN_STORE is
    // another one, for what a test starts itself.
    'api-postgres': {
      workers: 2, world: 'pg', prefix: 'on PostgreSQL: ',
      commands: [...list('tests/api', /\.test\.mjs$/).filter(onBoth), ...list('tests/postgres', /\.test\.mjs$/), ...list('tests/examples', /\.test\.mjs$/)].map(node)
    },
    examples: { workers: 1, world: true, commands: list('tests/examples', /\.test\.mjs$/).map(node) },
    browser: { workers: 2, world: true, commands: list('tests/browser', /\.test\.mjs$/).map(node) },
    fuzz: { workers: 1, commands: [['node', join(root, 'tests/fuzz/run.mjs'), String(long ? 300 : 5)]] },
    crash: { workers: 1, commands: list('tests/crash', /\.test\.mjs$/).map(node) }
  }
}
