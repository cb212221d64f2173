// The JSON Schema of a definition and the program agree on the structure of 10,000 random documents for each definition.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const Ajv = createRequire(join(root, 'tests/package.json'))('ajv/dist/2020')
const program = join(process.env.BEIAN_BUILD || join(root, 'build/checked'), 'tests/unit/form_verdict')
const STRUCTURE = /^(type|unknown|required|limit|choice):/
const COUNT = 10_000

// Repeatable: the seed is printed with a failure.
let seed = Number(process.env.SEED || Date.now() % 1e9)
const firstSeed = seed
function random() {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const pick = (list) => list[Math.floor(random() * list.length)]
const chance = (p) => random() < p

const junk = () => pick([null, '', ' ', '\u3000', 'x', '𠮷'.repeat(61), 'y'.repeat(205), 'z'.repeat(1001), 0, 1, -1, 1.5, 1e12, true, [], [''],
  [' ', 'x'], ['x', 'x'], [null], [3], [{}], {}, { from: '', to: 'x' }, { from: '2026-01-01', to: '2027-01-01' }, { from: null }, { a: 1 },
  [{}, {}, {}, {}], Array(60).fill('a')])

function plausible(field, lists, noise) {
  const many = (make) => Array.from({ length: 1 + Math.floor(random() * 3) }, make)
  const choice = () => pick(lists[field.choices]).value
  switch (field.type) {
    case 'number': return pick([0, 1, 7, 50, field.whole ? 3 : 2.5])
    case 'term': case 'date': return '2026-01-01'
    case 'period': return { from: '2026-01-01', to: '2027-01-01' }
    case 'region': return '110101'
    case 'choice': return choice()
    case 'choices': return [...new Set(many(choice))]
    case 'group': return many(() => members(field.fields, lists, noise))
    default: {
      const text = () => pick(['x', '青禾', 'test.com', '18612345678'])
      return field.repeat ? [...many(text), ...(chance(0.1) ? ['', null] : [])] : text()
    }
  }
}

function members(fields, lists, noise) {
  const out = {}
  for (const field of fields) {
    if (chance(noise)) continue
    out[field.key] = chance(noise) ? junk() : plausible(field, lists, noise)
  }
  if (chance(noise / 8)) out.surplus = 'x'
  return out
}

function documentOf(definition, lists) {
  const noise = pick([0, 0, 0.01, 0.05, 0.3])
  const out = {}
  for (const step of definition.steps)
    for (const section of step.sections ?? []) {
      if (chance(noise / 3)) continue
      const value = chance(noise / 8) ? junk() : members(section.fields, lists, noise)
      if (section.ways && value && typeof value === 'object' && !Array.isArray(value) && chance(0.7))
        value[section.ways.key] = chance(noise) ? junk() : pick(section.ways.choices).value
      out[section.key] = value
    }
  if (chance(noise / 8)) out.surplus = {}
  return out
}

function run(kind, folder, documents = []) {
  const input = documents.map((d) => JSON.stringify(d) + '\n').join('')
  const args = folder ? [kind, join(root, folder)] : [kind]
  const done = spawnSync(program, args, { input, encoding: 'utf8', maxBuffer: 1 << 30 })
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.error ?? done.stderr}`)
  return done.stdout.split('\n')
}

function compare(kind, folder) {
  const { definition, lists, schema } = JSON.parse(run(kind, folder)[0])
  const validate = new Ajv({ strict: false, allErrors: false }).compile(schema)
  const documents = Array.from({ length: COUNT }, () => documentOf(definition, lists))
  const verdicts = run(kind, folder, documents).slice(1)
  let right = 0
  for (const [i, document] of documents.entries()) {
    const ours = !verdicts[i].split(' ').some((code) => STRUCTURE.test(code))
    const theirs = validate(document)
    if (ours !== theirs)
      return `seed ${firstSeed}, document ${i}: program ${ours}, schema ${theirs}: ${verdicts[i]} ${JSON.stringify(validate.errors?.slice(0, 2))} ${JSON.stringify(document)}`
    right += theirs ? 1 : 0
  }
  // A comparison that never sees one of the two verdicts would prove nothing.
  return right > COUNT / 50 && right < COUNT * 0.98 ? null : `${right} of ${COUNT} documents are right`
}

for (const [kind, folder] of [['entity'], ['website'], ['canary', 'tests/forms'], ['canary', 'tests/forms/v2']]) {
  let why
  try {
    why = compare(kind, folder)
  } catch (error) {
    why = error.message
  }
  const name = `the schema of ${kind}${folder ? ` (${folder})` : ''} and the program agree on ${COUNT} documents`
  console.log(why ? `not ok ${name}: ${why}` : `ok ${name}`)
  if (why) process.exitCode = 1
}
