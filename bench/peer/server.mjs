// The peer: Fastify + ajv + better-sqlite3 doing parse, check and insert of the same document, a transaction per request.
// usage: node server.mjs PORT FOLDER SAMPLE.json
import { readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import Ajv from 'ajv'
import Database from 'better-sqlite3'
import Fastify from 'fastify'

const [port, folder, sample] = process.argv.slice(2)

// Structure only: types, required, no unknown member, lengths.
function schemaOf(value) {
  if (typeof value === 'string') return { type: 'string', maxLength: 2000 }
  if (typeof value === 'number') return { type: 'number', minimum: 0 }
  if (Array.isArray(value)) return { type: 'array', maxItems: 50, items: value.length ? schemaOf(value[0]) : {} }
  const properties = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, schemaOf(member)]))
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
}

const db = new Database(`${folder}/peer.db`)
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec(`CREATE TABLE document (entity_id text, id text, version integer, body text, created integer, PRIMARY KEY (entity_id, id, version));
  CREATE TABLE application (id text PRIMARY KEY, entity_id text, subject text, state text, name text, unit text, created integer);
  CREATE INDEX application_unit ON application (unit, state, created);
  CREATE TABLE taken (rule text, value text, subject text, PRIMARY KEY (rule, value));
  CREATE TABLE event (chain text, seq integer, at integer, act text, body text, PRIMARY KEY (chain, seq));`)
const statements = {
  document: db.prepare('INSERT INTO document VALUES (?, ?, 1, ?, ?)'),
  application: db.prepare("INSERT INTO application VALUES (?, ?, ?, 'waiting', ?, '110101', ?)"),
  taken: db.prepare('INSERT INTO taken VALUES (?, ?, ?)'),
  event: db.prepare("INSERT INTO event VALUES (?, 1, ?, 'submit', ?)")
}
const insert = db.transaction((id, text, name) => {
  const now = Date.now()
  statements.document.run('e' + id, id, text, now)
  statements.application.run('a' + id, 'e' + id, id, name, now)
  statements.taken.run('domain', 'd' + id, id)
  statements.taken.run('name', 'n' + id, id)
  statements.event.run('e' + id, now, text.slice(0, 400))
})

const check = new Ajv({ allErrors: true }).compile(schemaOf(JSON.parse(readFileSync(sample, 'utf8'))))
const app = Fastify({ bodyLimit: 1 << 20 })
app.get('/healthz', async () => 'ok')
app.post('/applications', async (request, reply) => {
  if (!check(request.body)) return reply.code(422).send({ errors: check.errors })
  const id = randomBytes(16).toString('base64url')
  insert(id, JSON.stringify(request.body), 'name')
  return reply.code(201).send({ id, state: 'waiting' })
})
await app.listen({ port: Number(port), host: '127.0.0.1' })
