// A full disk under a running server: writes get 503 with Retry-After, reads go on, and it is healthy again without a restart.
// The disk is a limit on file sizes that is put on the process and taken away (prlimit).
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { entity } from '../../bench/documents.mjs'
import { root, startWorld } from '../runner/world.mjs'

const build = process.env.BEIAN_CRASH_BUILD ?? join(root, 'build')
const world = await startWorld({ bin: join(build, 'beian'), env: { BEIAN_DECODER: join(build, 'beian-decoder') } })
process.env.URL = world.url
process.env.SANDBOX = world.sandbox
const { test, finish, check, equal, problem, status, eventually, person, upload } = await import('../api/lib/index.mjs')

const limit = (size) => execFileSync('prlimit', ['--pid', String(world.platform.pid), `--fsize=${size}:unlimited`])
const write = (client, files) => client.api('POST', '/drafts', { kind: 'entity', action: 'create', values: entity(client.who, files) })

try {
  const client = await person('legal')
  const files = [await upload(client)]
  while (files.length < 4) files.push(files[0])
  const kept = status(await write(client, files), 201).json.id
  limit(4096) // less than one page and its header: not even a log that begins anew after a checkpoint has room

  await test('crash.full_disk_refuses_writes_503_with_retry_after', async () => {
    let refused
    for (let i = 0; i < 300 && !refused; i++) {
      const answer = await write(client, files)
      if (answer.status !== 201) refused = answer
    }
    check(refused, 'the disk is never full')
    problem(refused, 503, 'unavailable')
    check(Number(refused.headers['retry-after']) > 0, 'Retry-After is there')
    problem(await write(client, files), 503, 'unavailable')
  })
  await test('crash.full_disk_reads_go_on', async () => {
    equal(status(await client.api('GET', `/drafts/${kept}`), 200).json.id, kept)
    status(await client.get('/register'), 200)
    status(await client.get('/healthz'), 200)
    status(await client.get('/readyz'), 503)
  })
  await test('crash.full_disk_is_healthy_again_without_a_restart', async () => {
    const pid = world.platform.pid
    limit('unlimited')
    await eventually(async () => (await client.get('/readyz')).status === 200, 'ready again')
    status(await write(client, files), 201)
    equal(world.platform.pid, pid)
    check(world.platform.exitCode === null, 'it runs on')
    check((await client.get('/metrics')).text.includes('beian_store_healthy 1'), 'the figure says so')
  })
  finish()
} finally {
  await world.stop()
}
