// Builds the fuzzers with clang and libFuzzer, replays each corpus (tests/fuzz/corpus/NAME), then looks further for some seconds.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '../runner/report.mjs'
import { root } from '../runner/world.mjs'

const seconds = process.argv[2] ?? '5'
const build = join(root, 'build/fuzz')
await test('the fuzzers build', () => {
  if (!existsSync(join(build, 'build.ninja')))
    execFileSync('meson', ['setup', build, root, '-Dfuzz=true', '-Db_sanitize=address,undefined', '-Db_lundef=false', '--buildtype=debugoptimized'], { env: { ...process.env, CC: 'clang' }, stdio: 'pipe' })
  execFileSync('ninja', ['-C', build, 'fuzzers'], { stdio: 'pipe' })
})
const at = join(build, 'tests/fuzz')
for (const name of existsSync(at) ? readdirSync(at).filter((n) => /^fuzz_[a-z_]+$/.test(n)).sort() : [])
  await test(`${name} finds nothing in its corpus and ${seconds} s`, () => {
    const corpus = join(root, 'tests/fuzz/corpus', name.slice(5))
    mkdirSync(corpus, { recursive: true })
    const found = mkdtempSync(join(tmpdir(), 'beian-fuzz-'))
    const run = spawnSync(join(at, name), [found, corpus, `-max_total_time=${seconds}`, '-timeout=10', '-rss_limit_mb=2048', `-artifact_prefix=${found}/`], { encoding: 'utf8', cwd: root })
    assert.equal(run.status, 0, run.stderr.slice(-1500))
  })
