// Two nodes on one database: what one wrote the other knows at once; a node that dies takes nothing along.
import { spawn, spawnSync } from 'node:child_process'
import { freePort, startWorld } from '../runner/world.mjs'

const world = await startWorld({ bin: process.env.BEIAN_BIN, env: { BEIAN_STORE: process.env.BEIAN_STORE } })
Object.assign(process.env, { URL: world.url, SANDBOX: world.sandbox })
const { test, finish, check, equal, status, problem, eventually, Client, person, officer, request } = await import('../api/lib/index.mjs')
const { newDraft, draftOf, saveDraft, submit, entityValues, websiteValues, claim, decide } = await import('../api/lib/filing.mjs')

const other = `http://127.0.0.1:${await freePort()}`
const second = spawn(world.bin, ['serve'], { env: { ...world.platformEnv, BEIAN_LISTEN: other.slice(7) }, stdio: 'ignore' })
await eventually(() => request('GET', other + '/healthz').then((answer) => answer.status === 200, () => false), 'the second node serves', 20000)

// The same browser, answered by the other node.
const there = (client) => {
  const twin = new Client(other)
  twin.cookies = client.cookies
  twin.who = client.who
  return twin
}

const legal = await person('legal', { region: '110101' })
const twin = there(legal)

await test('a session made on one node is good on the other', async () => {
  equal(status(await twin.api('GET', '/me'), 200).json.account.org_name, (await legal.api('GET', '/me')).json.account.org_name)
})

await test('a draft is one draft whichever node answers', async () => {
  const id = await newDraft(legal, 'entity', { unit: { name: '甲' } })
  equal((await draftOf(twin, id)).values.unit.name, '甲')
  status(await saveDraft(twin, id, (values) => (values.unit.name = '乙')), 200)
  equal((await draftOf(legal, id)).values.unit.name, '乙')
  problem(await legal.api('PUT', `/drafts/${id}`, { values: {} }, { 'if-match': '"1"' }), 412, 'stale-draft')
  status(await twin.api('DELETE', `/drafts/${id}`), 204)
  problem(await legal.api('GET', `/drafts/${id}`), 404, 'not-found')
})

await test('the same submission at both nodes at once is one application, with one answer', async () => {
  for (let round = 0; round < 3; round++) {
    const who = await person('legal', { region: '110101' })
    const draft = await newDraft(who, 'entity', await entityValues(who))
    const key = { 'idempotency-key': `both-nodes-${round}-${Date.now()}` }
    const answers = await Promise.all([who, there(who), who, there(who)].map((client) => submit(client, draft, key)))
    answers.forEach((answer) => status(answer, 201))
    equal(new Set(answers.map((answer) => answer.json.id)).size, 1, 'applications')
    equal(status(await who.api('GET', '/applications'), 200).json.total, 1)
  }
})

await test('without a key one submission wins and the others are told of it', async () => {
  const who = await person('legal', { region: '110101' })
  const draft = await newDraft(who, 'entity', await entityValues(who))
  const answers = await Promise.all([who, there(who), who, there(who)].map((client) => submit(client, draft)))
  equal(answers.filter((answer) => answer.status === 201).length, 1, 'accepted')
  for (const answer of answers.filter((one) => one.status !== 201)) check([404, 409].includes(answer.status), `a late one is ${answer.status}: ${answer.text}`)
})

await test('a draft that is saved while it is submitted: what was answered 200 is in the document, or was too late', async () => {
  for (let round = 0; round < 6; round++) {
    const who = await person('legal', { region: '110101' })
    const draft = await newDraft(who, 'entity', await entityValues(who))
    const change = saveDraft(there(who), draft, (values) => (values.unit.office_address = '另一条街 9 号')).catch((error) => ({ status: 404, error }))
    await new Promise((wake) => setTimeout(wake, 4 * round))
    const [saved, sent] = await Promise.all([change, submit(who, draft)])
    status(sent, 201)
    const { values } = status(await who.api('GET', `/applications/${sent.json.id}`), 200).json
    if (saved.status === 200) equal(values.unit.office_address, '另一条街 9 号')
    else check([404, 409, 412].includes(saved.status), `saving answers ${saved.status}`)
  }
})

let filed
await test('filed at one node, claimed and passed at the other', async () => {
  const entity = status(await submit(legal, await newDraft(legal, 'entity', await entityValues(legal))), 201).json
  const business = status(await submit(twin, await newDraft(twin, 'website', await websiteValues(twin), entity.entity)), 201).json
  const desk = there(await officer('110101'))
  status(await claim(desk, business.id), 200)
  filed = status(await decide(desk, business.id, 'pass', { with_entity: true }), 200).json
  check(/^京公网安备1101010200\d{4}号$/.test(filed.number), filed.number)
  equal(status(await legal.api('GET', `/applications/${business.id}`), 200).json.state, 'passed')
})

await test('two officers at two nodes: one has the claim, the other is told who', async () => {
  const who = await person('legal', { region: '110101' })
  const entity = status(await submit(who, await newDraft(who, 'entity', await entityValues(who))), 201).json
  const business = status(await submit(who, await newDraft(who, 'website', await websiteValues(who), entity.entity)), 201).json
  const answers = await Promise.all([await officer('110101'), there(await officer('110101'))].map((one) => claim(one, business.id)))
  equal(answers.map((answer) => answer.status).sort(), [200, 409])
  problem(answers.find((answer) => answer.status === 409), 409, 'claimed')
})

await test('a node that is killed takes nothing along', async () => {
  const id = await newDraft(legal, 'entity', { unit: { name: '丙' } })
  await world.killPlatform()
  equal((await draftOf(twin, id)).values.unit.name, '丙')
  equal(status(await request('GET', `${other}/api/v1/register?by=number&q=${encodeURIComponent(filed.number)}`), 200).json.items.length, 1)
  await world.startPlatform()
  equal((await draftOf(legal, id)).values.unit.name, '丙')
})

await test('every chain of events is whole after all that', async () => {
  const audit = spawnSync(world.bin, ['audit', 'verify'], { env: world.platformEnv, encoding: 'utf8' })
  equal(audit.status, 0, audit.stdout + audit.stderr)
  check(/ 0 broken/.test(audit.stdout), audit.stdout)
})

second.kill('SIGTERM')
await world.stop()
finish()
