// Every script in examples/ runs against a fresh platform, twice, and leaves with 0.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from '../runner/report.mjs'
import { root } from '../runner/world.mjs'

for (const name of readdirSync(join(root, 'examples')).filter((n) => !n.includes('.')))
  await test(`examples/${name} runs, and again on the same platform`, () => {
    for (let i = 0; i < 2; i++) {
      const run = spawnSync(join(root, 'examples', name), [], { env: process.env, encoding: 'utf8', timeout: 60_000 })
      assert.equal(run.status, 0, (run.stdout + run.stderr).slice(-800))
    }
  })
