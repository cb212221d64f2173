// Accounts with entities and drafts that are ready to be submitted, spread over many entities as in life.
import { entity, website } from './documents.mjs'

const ACCOUNTS = 24
const ENTITIES = 10 // of an account
const PICTURES = 7 // of a complete website

// A request of a logged-in client as text, for the load client.
function post(client, path, body, more = '') {
  const bytes = JSON.stringify(body)
  return `POST /api/v1${path} HTTP/1.1\r\nHost: platform\r\nCookie: ${client.cookieHeader()}\r\nX-Beian: 1\r\nContent-Type: application/json\r\n${more}` +
    `Content-Length: ${Buffer.byteLength(bytes)}\r\n\r\n${bytes}`
}

async function all(load, url, requests, wanted) {
  const { answers } = await load(url, 16, requests, true)
  const wrong = answers.find((one) => one.status !== wanted)
  if (wrong) throw new Error(`preparing: ${wrong.status} ${wrong.body.slice(0, 1000)}`)
  return answers.map((one) => JSON.parse(one.body))
}

// {drafts, sample, submit}: drafts ready to submit, the document as JSON, and the request that submits one of them.
export async function prepare(world, load, count) {
  process.env.URL = world.url
  process.env.SANDBOX = world.sandbox
  const { person, upload } = await import('../tests/api/lib/index.mjs')
  const accounts = []
  for (let i = 0; i < ACCOUNTS; i++) {
    const client = await person('legal')
    const files = []
    for (let n = 0; n < PICTURES; n++) files.push(await upload(client))
    accounts.push({ client, who: client.who, files })
  }
  const owners = accounts.flatMap((one) => Array(ENTITIES).fill(one))
  const begun = await all(load, world.url, owners.map((one) => post(one.client, '/drafts', { kind: 'entity', action: 'create', values: entity(one.who, one.files) })), 201)
  await all(load, world.url, begun.map((draft, i) => post(owners[i].client, '/applications', { draft: draft.id })), 201)
  const entities = begun.map((draft, i) => ({ id: draft.id, ...owners[i] }))

  const at = (n) => entities[n % entities.length]
  const bodies = Array.from({ length: count }, (_, n) => website(n, at(n).who, at(n).files))
  const drafts = await all(load, world.url, bodies.map((values, n) => post(at(n).client, '/drafts', { kind: 'website', action: 'create', entity: at(n).id, values })), 201)
  let key = 0
  return {
    drafts: drafts.map((draft, n) => ({ id: draft.id, client: at(n).client })),
    sample: JSON.stringify(bodies[0]),
    submit: ({ id, client }) => post(client, '/applications', { draft: id }, `Idempotency-Key: bench-${process.pid}-${++key}\r\n`)
  }
}
