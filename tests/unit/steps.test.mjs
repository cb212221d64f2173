// ./start and the steps it shares with ./test: wrong addresses end it before anything begins; a failed step says why.
import { spawnSync } from 'node:child_process';
import { check, equal, finish, match, test } from '../api/lib/check.mjs';

const root = new URL('../..', import.meta.url).pathname;
const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BEIAN_')));
const start = (env) => spawnSync('./start', [], { cwd: root, encoding: 'utf8', env: { ...clean, ...env }, timeout: 10000 });

await test('./start refuses wrong addresses in one sentence before it does anything', () => {
  for (const [env, pattern] of [
    [{ BEIAN_LISTEN: '127.0.0.1:70000' }, /^BEIAN_LISTEN must be ADDRESS:PORT.*70000/], [{ BEIAN_LISTEN: '8080' }, /^BEIAN_LISTEN/],
    [{ BEIAN_SANDBOX_LISTEN: '127.0.0.1:x' }, /^BEIAN_SANDBOX_LISTEN/], [{ BEIAN_SANDBOX_LISTEN: '127.0.0.1:65535' }, /BEIAN_SANDBOX_DNS.*65536/],
    [{ BEIAN_LISTEN: '127.0.0.1:8090', BEIAN_SANDBOX_LISTEN: 'localhost:8090' }, /are both 127\.0\.0\.1:8090/],
  ]) {
    const { status, stdout, stderr } = start(env);
    equal([status, stdout], [1, ''], JSON.stringify(env));
    match(stderr, pattern);
    equal(stderr.trim().split('\n').length, 1, 'sentences');
  }
});

const step = (script) => spawnSync('bash', ['-c', `. scripts/steps.sh; step what bash -c '${script}'; echo went on`], { cwd: root, encoding: 'utf8', env: clean });

await test('a failed step shows the lines with the error, or else the end of what it said', () => {
  const told = step('echo "npm ERR! code EUSAGE"; seq 100; exit 3');
  equal([told.status, told.stdout], [1, '']);
  match(told.stderr, /^what: failed.*\nnpm ERR! code EUSAGE\n$/);
  const silent = step('echo first; seq 100; exit 3');
  check(silent.stderr.endsWith('\n99\n100\n') && !silent.stderr.includes('first'), silent.stderr);
});

finish();
