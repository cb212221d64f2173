// Starts a PostgreSQL and runs store_postgres.c against it.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { startPostgres } from '../runner/postgres.mjs'
import { root } from '../runner/world.mjs'

const server = await startPostgres()
try {
  const program = process.env.BEIAN_STORE_TEST ?? join(root, 'build/checked/tests/unit/store_postgres')
  const done = spawnSync(program, [], { env: { ...process.env, BEIAN_TEST_STORE: server.createDatabase('unit') }, stdio: 'inherit', timeout: 120_000 })
  process.exitCode = done.status ?? 1
} finally {
  await server.stop()
}
