// Which rows of the manual have passing tests in the last run (build/report/tests.tsv): the ids stand in the tests' names.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './world.mjs'

let lines
try {
  lines = readFileSync(join(root, 'build/report/tests.tsv'), 'utf8').split('\n').filter(Boolean)
} catch {
  console.error('There is no report yet: run ./test first.')
  process.exit(1)
}
const rows = new Map()
for (const line of lines) {
  const [name, verdict] = line.split('\t')
  for (const group of name.match(/\[[^\]]*\]/g) ?? [])
    for (const id of group.match(/\d[\d.]*-\d+/g) ?? []) {
      const row = rows.get(id) ?? { pass: 0, fail: 0 }
      row[verdict]++
      rows.set(id, row)
    }
}
const order = (id) => id.split(/[.-]/).map((part) => part.padStart(3, '0')).join('.')
const ids = [...rows.keys()].sort((a, b) => order(a).localeCompare(order(b)))
for (const id of ids) console.log(`${id}\t${rows.get(id).fail ? 'failing' : 'proven'}\t${rows.get(id).pass} passing`)
console.log(`${ids.filter((id) => !rows.get(id).fail).length} rows proven, ${ids.filter((id) => rows.get(id).fail).length} with a failing test`)
