// kill -9 while submissions come in over HTTP: every acknowledged application is there, none by half. The same on a server that
// answers before its commit has to fail. Each round prints acknowledged / found / unknown and the moment.
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import http from 'node:http'
import { entity, website } from '../../bench/documents.mjs'
import { root, startWorld } from '../runner/world.mjs'

const build = process.env.BEIAN_CRASH_BUILD ?? join(root, 'build')
const probe = join(build, 'tests/crash/store_crash')
const early = process.argv[2] === '--early' // against the wrong server
// When the kill comes: at any moment, when a transaction is open, just when an answer arrives.
const MOMENTS = early ? ['any', 'answer', 'answer'] : ['any', 'open', 'answer', 'open']
const DRAFTS = 250
const CLIENTS = 32

const number = (() => { let n = 0; return () => ++n })()

async function send(client, agent, method, path, body) {
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  const headers = { cookie: client.cookieHeader(), 'x-beian': '1', ...(bytes ? { 'content-type': 'application/json', 'content-length': bytes.length } : {}) }
  return new Promise((done, refuse) => {
    const request = http.request(client.base + '/api/v1' + path, { method, headers, agent }, (answer) => {
      let text = ''
      answer.on('data', (part) => (text += part))
      answer.on('end', () => done({ status: answer.statusCode, text }))
      answer.on('error', refuse)
    })
    request.on('error', refuse)
    request.end(bytes)
  })
}

// Preparation: a server that answers too early may not yet know what it has just acknowledged.
async function sent(client, agent, wanted, ...rest) {
  let answer = await send(client, agent, ...rest)
  for (let tries = 0; answer.status === 404 && tries < 5; tries++) {
    await new Promise((next) => setTimeout(next, 20))
    answer = await send(client, agent, ...rest)
  }
  if (answer.status !== wanted) throw new Error(`${rest[0]} ${rest[1]}: ${answer.status} ${answer.text.slice(0, 500)}`)
  return JSON.parse(answer.text)
}

// `work` for each item, so many side by side.
async function each(items, width, work) {
  const rest = [...items]
  await Promise.all(Array.from({ length: width }, async () => { for (let one; (one = rest.shift()) !== undefined; ) await work(one) }))
}

async function accounts(world, count) {
  process.env.URL = world.url
  process.env.SANDBOX = world.sandbox
  const { person, upload, Client } = await import('../api/lib/index.mjs')
  const list = []
  for (let i = 0; i < count; i++) {
    const client = await person('legal')
    if (early) await new Promise((next) => setTimeout(next, 100))
    const files = await Promise.all(Array.from({ length: 7 }, () => upload(client)))
    const agent = new http.Agent({ keepAlive: true })
    const draft = await sent(client, agent, 201, 'POST', '/drafts', { kind: 'entity', action: 'create', values: entity(client.who, files) })
    await sent(client, agent, 201, 'POST', '/applications', { draft: draft.id })
    agent.destroy()
    list.push({ client, files, entity: draft.id })
  }
  return list
}

const isOpen = (world) => execFileSync(probe, ['--open', join(world.data, 'beian.db-shm')], { encoding: 'utf8' }).trim() === 'open'

// Stops the program where it stands, looks, kills it. `aim`: lets it go on until a transaction is open (50 tries).
async function stopAndKill(world, aim) {
  for (let tries = 1; ; tries++) {
    process.kill(world.platform.pid, 'SIGSTOP')
    const open = isOpen(world)
    if (open || !aim || tries === 50) {
      await world.killPlatform('SIGKILL')
      return open
    }
    process.kill(world.platform.pid, 'SIGCONT')
    await new Promise((next) => setTimeout(next, 1 + Math.random()))
  }
}

// Submits drafts until the kill, which comes at a random moment (`answer`: just when an answer arrives) after the first answer;
// returns whether a transaction was open and notes what was acknowledged.
async function submitAndKill(world, drafts, agent, moment) {
  let acknowledged = 0, armed = false, killed
  const kill = () => (killed ??= stopAndKill(world, moment === 'open'))
  await each(drafts, CLIENTS, async (draft) => {
    if (killed) return
    const answer = await send(draft.owner.client, agent, 'POST', '/applications', { draft: draft.id }).catch(() => null)
    if (!answer) return
    if (answer.status !== 201) throw new Error(`a submission answers ${answer.status}: ${answer.text.slice(0, 500)}`)
    draft.application = JSON.parse(answer.text).id
    if (++acknowledged === 1) setTimeout(() => (moment === 'answer' ? (armed = true) : kill()), 10 + Math.random() * 40)
    else if (armed) kill()
  })
  return kill()
}

async function look(drafts, agent) {
  const sum = { acknowledged: 0, found: 0, unknown: 0, lost: 0, half: 0 }
  await each(drafts, 8, async (draft) => {
    const { client } = draft.owner
    const [still, filing] = [(await send(client, agent, 'GET', '/drafts/' + draft.id)).status, (await send(client, agent, 'GET', '/filings/' + draft.id)).status]
    const whole = filing === 200 && still === 404
    if (draft.application) {
      sum.acknowledged++
      const shown = await send(client, agent, 'GET', '/applications/' + draft.application)
      if (!whole || shown.status !== 200 || !JSON.parse(shown.text).values?.site?.domain) sum.lost++
    } else if (whole) sum.unknown++
    if (whole) sum.found++
    else if (!(filing === 404 && still === 200)) sum.half++
  })
  return sum
}

// Plays rounds; ends early when `enough` says so.
async function play(bin, rounds, enough = () => false) {
  const world = await startWorld({ bin, env: { BEIAN_DECODER: join(build, 'beian-decoder') } })
  const total = { acknowledged: 0, found: 0, unknown: 0, lost: 0, half: 0, open: 0, rounds: 0 }
  try {
    const owners = await accounts(world, 6)
    for (let round = 1; round <= rounds && !enough(total); round++) {
      const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS })
      const drafts = Array.from({ length: DRAFTS }, (_, i) => ({ owner: owners[i % owners.length] }))
      await each(drafts, 16, async (draft) => {
        const { client, files, entity: id } = draft.owner
        draft.id = (await sent(client, agent, 201, 'POST', '/drafts', { kind: 'website', action: 'create', entity: id, values: website(number(), client.who, files) })).id
      })
      const moment = MOMENTS[round % MOMENTS.length]
      const open = await submitAndKill(world, drafts, agent, moment)
      agent.destroy()
      await world.startPlatform()
      const again = new http.Agent({ keepAlive: true })
      const sum = await look(drafts, again)
      again.destroy()
      console.log(`round ${round}: acknowledged ${sum.acknowledged}, found ${sum.found}, unknown ${sum.unknown}, lost ${sum.lost}, half ${sum.half}, moment ${moment}, transaction ${open ? 'open' : 'closed'}`)
      for (const key of Object.keys(sum)) total[key] += sum[key]
      total.open += open ? 1 : 0
      total.rounds++
    }
    const audit = spawnSync(bin, ['audit', 'verify'], { env: world.platformEnv, encoding: 'utf8' })
    total.chains = audit.status === 0 ? '' : audit.stdout + audit.stderr
  } finally {
    await world.stop()
  }
  return total
}

let failed = 0
function tell(good, name, why) {
  console.log(good ? `ok ${name}` : `not ok ${name}: ${why}`)
  if (!good) failed++
}

if (early) {
  // A process of its own: the API tests' helpers know one platform.
  const wrong = await play(join(build, 'tests/crash/beian_early'), 40, (total) => total.lost > 0)
  process.exit(wrong.lost > 0 ? 0 : 1)
}
const rounds = Number(process.env.BEIAN_ROUNDS ?? (process.env.BEIAN_LONG ? 30 : 10))
const sound = await play(join(build, 'beian'), rounds)
tell(sound.acknowledged > 0 && sound.lost === 0, 'crash.every_acknowledged_application_is_there', `${sound.lost} of ${sound.acknowledged} are lost`)
tell(sound.half === 0, 'crash.no_application_is_there_by_half', `${sound.half} are`)
tell(sound.open * 10 >= sound.rounds * 3, 'crash.a_third_of_the_kills_hit_an_open_transaction', `${sound.open} of ${sound.rounds}`)
tell(sound.chains === '', 'crash.event_chains_are_sound_after_every_kill', sound.chains)
const wrong = spawnSync(process.execPath, [process.argv[1], '--early'], { encoding: 'utf8' })
tell(wrong.status === 0 && !wrong.error, 'crash.a_server_that_answers_before_its_commit_is_caught', (wrong.stdout + wrong.stderr).slice(-1500))
process.exit(failed ? 1 : 0)
