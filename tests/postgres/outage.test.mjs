// The database goes away and comes back: 503 meanwhile, nothing lost or doubled, all well again without a hand.
import { spawn } from 'node:child_process'
import { startPostgres } from '../runner/postgres.mjs'
import { startWorld } from '../runner/world.mjs'

const server = await startPostgres()
const world = await startWorld({ bin: process.env.BEIAN_BIN, env: { BEIAN_STORE: server.createDatabase('outage'), BEIAN_QUIET: '1' } })
Object.assign(process.env, { URL: world.url, SANDBOX: world.sandbox })
const { test, finish, check, equal, match, status, problem, eventually, person, request } = await import('../api/lib/index.mjs')
const { newDraft, draftOf, submit, entityValues } = await import('../api/lib/filing.mjs')

const ready = () => request('GET', world.url + '/readyz').then((answer) => answer.status)
const legal = await person('legal', { region: '110101' })
const kept = await newDraft(legal, 'entity', { unit: { name: '甲' } })

await test('without its database the platform answers 503 with Retry-After, and stays up', async () => {
  await server.kill('SIGQUIT')
  const read = problem(await legal.api('GET', `/drafts/${kept}`), 503, 'unavailable')
  match(read.detail ?? read.title, /[\u4e00-\u9fff]/)
  const began = Date.now()
  const answer = await legal.api('POST', '/drafts', { kind: 'entity', action: 'create', values: {} })
  problem(answer, 503, 'unavailable')
  check(Number(answer.headers['retry-after']) > 0, 'Retry-After')
  check(Date.now() - began < 15000, 'it answered late')
  equal((await request('GET', world.url + '/healthz')).status, 200)
  equal((await request('GET', world.url + '/api/v1/forms')).status, 200)
  equal(await ready(), 503)
})

await test('when it is back all is well again by itself', async () => {
  await server.start()
  await eventually(async () => (await ready()) === 200, '/readyz', 10000)
  equal((await draftOf(legal, kept)).values.unit.name, '甲')
  status(await legal.api('DELETE', `/drafts/${kept}`), 204)
})

await test('crashes under a stream of submissions: what was acknowledged is there, once', async () => {
  const people = await Promise.all(Array.from({ length: 24 }, () => person('legal', { region: '110101' })))
  const drafts = []
  for (const who of people) drafts.push(await newDraft(who, 'entity', await entityValues(who)))
  let next = 0
  const acknowledged = []
  const client = async () => {
    for (let i; (i = next++) < people.length; ) {
      const key = { 'idempotency-key': `outage-${i}` }
      for (let tries = 0; tries < 40; tries++) {
        const answer = await submit(people[i], drafts[i], key).catch(() => ({ status: 0 }))
        if (answer.status === 201) { acknowledged[i] = answer.json.id; break }
        check([0, 503].includes(answer.status), `an answer of ${answer.status}: ${answer.text}`)
        await new Promise((wake) => setTimeout(wake, 200))
      }
    }
  }
  const crashes = async () => {
    for (let i = 0; i < 2; i++) {
      await eventually(() => next >= 6 + 8 * i, 'the stream runs', 30000)
      await server.kill('SIGQUIT')
      await server.start()
    }
  }
  await Promise.all([crashes(), client(), client(), client(), client()])
  equal(acknowledged.filter(Boolean).length, people.length, 'acknowledged')
  equal(server.query('outage', 'SELECT count(*) FROM application').split('\n'), [String(people.length)])
  equal(new Set(server.query('outage', 'SELECT id FROM application').split('\n')), new Set(acknowledged))
  equal(server.query('outage', "SELECT count(*) FROM event WHERE act = 'submit'"), String(people.length))
})

await test('a platform that starts before its database waits, then serves', async () => {
  await world.killPlatform('SIGTERM')
  await server.kill('SIGINT')
  const started = world.startPlatform()
  await new Promise((wake) => setTimeout(wake, 1500))
  await server.start()
  await started
  equal(await ready(), 200)
})

await test('a wrong database name ends the start with one sentence', async () => {
  const child = spawn(world.bin, ['serve'], { env: { ...world.platformEnv, BEIAN_LISTEN: '127.0.0.1:0', BEIAN_STORE: server.url('nowhere') } })
  let said = ''
  child.stderr.on('data', (part) => (said += part))
  equal(await new Promise((done) => child.on('close', done)) === 0, false)
  match(said, /nowhere/)
})

await world.stop()
await server.stop()
finish()
