// kill -9 while people submit over HTTP: every acknowledged application is there, no half one is; and a build that answers before
// its commit is caught. Each round tells what was acknowledged, found and unknown, and whether a transaction was open.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '../api/lib/http.mjs'
import * as steps from '../api/lib/filing.mjs'
import { root, startWorld } from '../runner/world.mjs'

const folder = process.env.BEIAN_CRASH ?? join(root, 'build/tests/crash')
const bin = process.env.BEIAN_BIN ?? join(root, 'build/beian')
const rounds = process.env.BEIAN_LONG ? 60 : 10
const DRAFTS = 120, CLIENTS = 24, LATEST_MS = 120
const SETTLED_MS = 300 // the wrong build answers first and commits later: what a round needs has to be there

const chance = (below) => Math.floor(Math.random() * below)
const wait = (ms) => new Promise((done) => setTimeout(done, ms))

// A world with somebody logged in and an entity, ready to submit web sites.
async function openWorld(program) {
  const world = await startWorld({ bin: program, env: { BEIAN_QUIET: '1' } })
  const client = new Client(world.url)
  const ask = async (path, body) => {
    const answer = await fetch(world.sandbox + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    return answer.json()
  }
  client.who = await ask('/people', { kind: 'legal', region: '110101' })
  const begun = await client.get('/login')
  const { redirect_url } = await ask('/login', { sub: client.who.sub, authorization_url: begun.headers.location })
  await client.get(redirect_url)
  await wait(SETTLED_MS)
  const entity = await steps.newDraft(client, 'entity', await steps.entityValues(client))
  await wait(SETTLED_MS)
  await steps.submit(client, entity)
  await wait(SETTLED_MS)
  return { world, client, entity, values: await steps.websiteValues(client) }
}

async function prepareDrafts({ client, entity, values }) {
  const make = () => {
    const domain = steps.freshDomain()
    return steps.newDraft(client, 'website', { ...values, site: { ...values.site, domain, url: `https://${domain}/` } }, entity)
  }
  const drafts = []
  while (drafts.length < DRAFTS) drafts.push(...(await Promise.all(Array.from({ length: 20 }, make))))
  await wait(SETTLED_MS)
  return drafts
}

function transactionIsOpen(world) {
  return spawnSync(join(folder, 'store_crash'), ['--open', join(world.data, 'beian.db-shm')], { encoding: 'utf8' }).stdout.trim() === 'open'
}

// Stops the program where it stands, looks, and kills it.
async function kill(world) {
  await wait(chance(LATEST_MS))
  world.platform.kill('SIGSTOP')
  await wait(2)
  const open = transactionIsOpen(world)
  await world.killPlatform('SIGKILL')
  return open
}

async function submitAll({ client }, drafts, told) {
  const queue = [...drafts]
  const one = async () => {
    for (let draft; (draft = queue.shift()); ) {
      told.set(draft, 'unknown')
      const answer = await steps.submit(client, draft).catch(() => null)
      if (!answer) return // the program is gone
      told.set(draft, answer.status === 201 ? answer.json.id : `status ${answer.status}`)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, one))
}

// Every application of the account by its subject.
async function found({ client }) {
  const bySubject = new Map()
  for (let page = 1; ; page++) {
    const { items } = (await client.api('GET', `/applications?kind=website&size=100&page=${page}`)).json
    for (const one of items) bySubject.set(one.subject, one.id)
    if (items.length < 100) return bySubject
  }
}

async function look(at, drafts, told) {
  const applications = await found(at)
  const result = { acknowledged: 0, found: 0, unknown: 0, lost: [], half: [] }
  for (const draft of drafts) {
    const said = told.get(draft)
    const id = applications.get(draft)
    const kept = (await at.client.api('GET', `/drafts/${draft}`)).status === 200
    const acknowledged = said && said !== 'unknown' && !said.startsWith('status')
    if (acknowledged) result.acknowledged++
    if (said === 'unknown') result.unknown++
    if (acknowledged && id !== said) result.lost.push(draft)
    if (!id && !kept && !acknowledged) result.half.push(draft)
    if (!id && kept) await at.client.api('DELETE', `/drafts/${draft}`) // an account keeps a thousand
    if (!id) continue
    result.found++
    const whole = (await at.client.api('GET', `/applications/${id}`)).json
    const filing = await at.client.api('GET', `/filings/${draft}`)
    if (kept || whole?.values?.site?.domain === undefined || whole.timeline.length < 1 || filing.status !== 200) result.half.push(draft)
  }
  return result
}

async function round(at, number) {
  const drafts = await prepareDrafts(at)
  const told = new Map()
  const submitting = submitAll(at, drafts, told)
  const open = await kill(at.world)
  await submitting
  await at.world.startPlatform()
  const result = await look(at, drafts, told)
  console.log(`round ${number}: acknowledged ${result.acknowledged}, found ${result.found}, unknown ${result.unknown}, transaction ${open ? 'open' : 'closed'}`)
  return { ...result, open }
}

async function rounds_of(program, most, enough = () => false) {
  const at = await openWorld(program)
  const all = []
  try {
    while (all.length < most && !enough(all)) all.push(await round(at, all.length + 1))
    const audit = spawnSync(program, ['audit', 'verify'], { env: at.world.platformEnv, encoding: 'utf8' })
    return { all, audit }
  } finally {
    await at.world.stop()
  }
}

const say = (name, wrong) => {
  console.log(wrong ? `not ok ${name}: ${wrong}` : `ok ${name}`)
  if (wrong) process.exitCode = 1
}
const sum = (all, key) => all.reduce((n, one) => n + (Array.isArray(one[key]) ? one[key].length : Number(one[key])), 0)

const { all, audit } = await rounds_of(bin, rounds)
say('crash.submit_every_acknowledged_application_is_there', sum(all, 'lost') && `${sum(all, 'lost')} of ${sum(all, 'acknowledged')} are gone`)
say('crash.submit_no_application_is_there_by_half', sum(all, 'half') && `${sum(all, 'half')} drafts are neither or both`)
say('crash.submit_a_third_of_the_kills_hit_an_open_transaction', sum(all, 'open') < rounds * 0.3 && `${sum(all, 'open')} of ${rounds}`)
say('crash.submit_the_event_chains_are_sound', audit.status !== 0 && (audit.stdout + audit.stderr).trim())

const early = join(folder, 'beian_early')
if (!existsSync(early)) say('crash.submit_a_build_that_answers_before_its_commit_is_caught', 'it was not built')
else {
  const caught = await rounds_of(early, 40, (seen) => sum(seen, 'lost') > 0)
  say('crash.submit_a_build_that_answers_before_its_commit_is_caught', !sum(caught.all, 'lost') && `nothing was lost in ${caught.all.length} rounds`)
}
