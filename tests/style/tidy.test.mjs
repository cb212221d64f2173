// clang-tidy over every C file of src, with the checks of .clang-tidy, two at a time.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from '../runner/report.mjs'
import { root } from '../runner/world.mjs'

const files = execFileSync('git', ['ls-files', 'src'], { cwd: root, encoding: 'utf8' }).split('\n').filter((f) => f.endsWith('.c'))
const tidy = (some) => new Promise((done) => {
  const run = spawn('clang-tidy', ['-p', join(root, 'build'), '--quiet', ...some], { cwd: root })
  let said = ''
  run.stdout.on('data', (part) => { said += part })
  run.stderr.resume()
  run.on('close', (code) => done(code === 0 ? [] : said.split('\n').filter((line) => /(error|warning):/.test(line))))
})

await test('clang-tidy finds nothing', async () => {
  const queue = []
  for (let i = 0; i < files.length; i += 6) queue.push(files.slice(i, i + 6))
  const found = []
  const worker = async () => { for (let some; (some = queue.shift()); ) found.push(...(await tidy(some))) }
  await Promise.all([worker(), worker()])
  assert.deepEqual(found.slice(0, 20), [])
})
