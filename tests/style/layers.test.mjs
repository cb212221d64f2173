// docs/architecture.md draws the layers; here they are checked against the includes, with a few more rules of the house.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from '../runner/report.mjs'
import { root } from '../runner/world.mjs'

const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n').filter((f) => f && existsSync(join(root, f)))
const text = (file) => readFileSync(join(root, file), 'utf8')
const c = files.filter((f) => /^src\/.*\.[ch]$/.test(f))
const source = files.filter((f) => /\.(c|h|ts|vue|mjs|py)$/.test(f))

const drawn = /^layers: (.+)$/m.exec(text('docs/architecture.md'))?.[1].split(' < ') ?? []

await test('no folder of src includes one above it', () => {
  assert.ok(drawn.length >= 8, 'docs/architecture.md has the line "layers: a < b < …"')
  const wrong = []
  for (const file of c)
    for (const [, folder] of text(file).matchAll(/#include "([a-z]+)\//g)) {
      const [mine, other] = [drawn.indexOf(file.split('/')[1]), drawn.indexOf(folder)]
      if (mine < 0 || other < 0 || other > mine) if (!(folder === 'api' && file.includes('/') && text(file).includes('api/server.h') && /"api\/(?!server\.h)/.test(text(file)) === false)) wrong.push(`${file} includes ${folder}/`)
    }
  assert.deepEqual(wrong, [])
})

await test('no code names a business', () => {
  const kinds = files.filter((f) => /^forms\/[a-z]+\.json$/.test(f)).map((f) => { try { return JSON.parse(text(f)).kind } catch { return null } }).filter((k) => k && k !== 'entity')
  assert.ok(kinds.length > 0)
  const wrong = []
  for (const file of files.filter((f) => /^(src\/.*\.[ch]|web\/src\/.*\.(ts|vue))$/.test(f) && !/\.test\.ts$/.test(f)))
    for (const kind of kinds)
      if (new RegExp(`["'\`]${kind}["'\`]`).test(text(file))) wrong.push(`${file}: ${kind}`)
  assert.deepEqual(wrong, [])
})

await test('SQL stands in one place', () => {
  const wrong = c.filter((f) => !f.startsWith('src/store/') && /"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM) /.test(text(f)))
  assert.deepEqual(wrong, [])
})

await test('files are small: median at most 160 lines, none over 800', () => {
  const sizes = c.concat(files.filter((f) => /^(web\/src|sandbox|tests)\/.*\.(ts|vue|mjs)$/.test(f))).map((f) => [text(f).split('\n').length, f]).sort((a, b) => a[0] - b[0])
  const median = sizes[Math.floor(sizes.length / 2)][0]
  assert.ok(median <= 160, `median ${median}`)
  assert.deepEqual(sizes.filter(([n]) => n > 800), [])
})

await test('nothing unfinished is marked in the code', () => {
  const mark = new RegExp(['TO' + 'DO', 'FIX' + 'ME', '\\bX' + 'XX\\b', '\\b(test|it|describe)\\.on' + 'ly\\(', '\\b(test|it|describe)\\.sk' + 'ip\\('].join('|'))
  assert.deepEqual(source.filter((f) => !f.includes('style/') && mark.test(text(f))), [])
})

await test('clang-format finds nothing to change', () => {
  execFileSync('clang-format', ['--dry-run', '-Werror', ...c.filter((f) => existsSync(join(root, f)))], { cwd: root, stdio: 'pipe' })
})
