// Types of the UI by vue-tsc and its pure logic by vitest.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from '../runner/report.mjs'
import { root } from '../runner/world.mjs'

const web = join(root, 'web')
await test('the UI has no type error', () => {
  const run = spawnSync('npx', ['--no-install', 'vue-tsc', '--noEmit'], { cwd: web, encoding: 'utf8' })
  assert.equal(run.status, 0, run.stdout + run.stderr)
})

const run = spawnSync('npx', ['--no-install', 'vitest', 'run', '--reporter=json'], { cwd: web, encoding: 'utf8', maxBuffer: 1 << 26 })
const start = run.stdout.indexOf('{')
await test('vitest runs', () => assert.ok(start >= 0, run.stderr.slice(-600)))
if (start >= 0)
  for (const file of JSON.parse(run.stdout.slice(start)).testResults)
    for (const one of file.assertionResults)
      await test(one.fullName, () => assert.equal(one.status, 'passed', one.failureMessages?.join('\n')))
