// A PostgreSQL of one's own from Debian's packages: a temporary directory, a free port, never as root, stopped at the end.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './world.mjs'

function programs() {
  const at = '/usr/lib/postgresql'
  const newest = existsSync(at) ? readdirSync(at).sort((a, b) => b - a)[0] : null
  if (!newest) throw new Error('PostgreSQL is missing: apt-get install postgresql')
  return join(at, newest, 'bin')
}

// The server refuses to run as root: then everything is done as the package's user.
function asUser(command) {
  return process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command] : command
}

function run(command) {
  const [name, ...args] = asUser(command)
  const done = spawnSync(name, args, { encoding: 'utf8', cwd: '/' })
  if (done.status !== 0) throw new Error(`${command[0]}: ${done.stderr || done.error}`)
  return done.stdout
}

// {url(database), createDatabase(name) -> url, kill(signal), start(), stop(), query(database, text)}
export async function startPostgres() {
  const bin = programs()
  const dir = mkdtempSync(join(tmpdir(), 'beian-postgres-'))
  const data = join(dir, 'data')
  const log = join(dir, 'log')
  if (process.getuid() === 0) {
    const id = (flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
    chownSync(dir, id('-u'), id('-g'))
  }
  chmodSync(dir, 0o700)
  const port = await freePort()
  run([join(bin, 'initdb'), '-D', data, '-U', 'beian', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'])
  let server
  const connection = ['-h', '127.0.0.1', '-p', String(port), '-U', 'beian']
  const one = {
    url: (database) => `postgresql://beian@127.0.0.1:${port}/${database}`,
    query: (database, text) => run([join(bin, 'psql'), ...connection, '-d', database, '-XAtqc', text]).trim(),
    createDatabase(name) {
      run([join(bin, 'createdb'), ...connection, name])
      return one.url(name)
    },
    async start() {
      const [name, ...args] = asUser([join(bin, 'postgres'), '-D', data, '-p', String(port), '-k', dir, '-c', 'listen_addresses=127.0.0.1',
        '-c', 'fsync=off', '-c', 'max_connections=200', '-c', 'shared_buffers=64MB', '-c', 'log_statement=none'])
      const out = openSync(log, 'a')
      server = spawn(name, args, { stdio: ['ignore', out, out], cwd: '/' })
      for (let tries = 0; tries < 300; tries++) {
        const ready = spawnSync(join(bin, 'pg_isready'), [...connection, '-q'])
        if (ready.status === 0) return
        if (server.exitCode !== null) break
        await new Promise((next) => setTimeout(next, 50))
      }
      throw new Error('PostgreSQL did not start: ' + readFileSync(log, 'utf8').slice(-2000))
    },
    // SIGINT ends its sessions at once; SIGQUIT is a crash.
    async kill(signal = 'SIGINT') {
      const gone = new Promise((done) => (server.exitCode !== null || server.signalCode !== null ? done() : server.once('exit', done)))
      server.kill(signal)
      await gone
    },
    async stop() {
      await one.kill('SIGQUIT') // nothing of it is kept
      rmSync(dir, { recursive: true, force: true })
    }
  }
  await one.start()
  return one
}
