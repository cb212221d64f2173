// kill -9 at the store's level: every acknowledged job is there, none by half; and a writer that answers too early is caught.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../runner/world.mjs'

const rounds = process.env.BEIAN_LONG ? '60' : '10'
const folder = process.env.BEIAN_CRASH ?? join(root, 'build/tests/crash')

const sound = spawnSync(join(folder, 'store_crash'), [rounds], { encoding: 'utf8' })
process.stdout.write(sound.stdout)
process.stderr.write(sound.stderr)

// One round catches it with a chance of about a third.
const early = spawnSync(join(folder, 'store_crash_early'), ['30'], { encoding: 'utf8' })
const caught = /^not ok crash\.store_every_acknowledged_job_is_there/m.test(early.stdout)
console.log(caught ? 'ok crash.store_a_writer_that_answers_before_its_commit_is_caught' :
  'not ok crash.store_a_writer_that_answers_before_its_commit_is_caught: nothing was lost\n' + early.stdout)
process.exit(sound.status === 0 && caught ? 0 : 1)
