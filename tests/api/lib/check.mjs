// The frame of the API tests: `await test('name', async () => {…})` prints `ok name` or `not ok name: why`; end with `finish()`.
import { deepStrictEqual } from 'node:assert';

let failed = 0;
const only = process.env.ONLY ? new RegExp(process.env.ONLY) : null;

export async function test(name, body) {
  if (only && !only.test(name)) return;
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${name}: ${String(error.message || error).replace(/\s*\n\s*/g, ' ').slice(0, 600)}`);
    if (process.env.TRACE) console.error(error.stack);
  }
}

// The exit code says whether all went well.
export function finish() {
  process.exitCode = failed ? 1 : 0;
}

export class Failure extends Error {}

export function check(condition, what) {
  if (!condition) throw new Failure(what);
}

export function equal(got, wanted, what = 'value') {
  try {
    deepStrictEqual(got, wanted);
  } catch {
    throw new Failure(`${what} is ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
  }
}

export function match(got, pattern, what = 'text') {
  if (!pattern.test(String(got))) throw new Failure(`${what} is ${JSON.stringify(String(got).slice(0, 300))}, wanted ${pattern}`);
}

// The status of an answer; on failure its body is told.
export function status(answer, wanted, what = '') {
  if (answer.status !== wanted) throw new Failure(`${what} status ${answer.status}, wanted ${wanted}: ${answer.text.slice(0, 400)}`);
  return answer;
}

// A problem+json answer with this status and type; returns its JSON.
export function problem(answer, wanted, type) {
  status(answer, wanted, type);
  match(answer.headers['content-type'], /^application\/problem\+json/, 'content type');
  if (type) equal(answer.json?.type, `/problems/${type}`, 'problem type');
  return answer.json;
}

// The broken field at `pointer` of a 422; returns {pointer, code, detail}.
export function broken(answer, pointer, code) {
  const found = (answer.json?.errors || []).find((one) => one.pointer === pointer && (!code || one.code === code));
  check(found, `no error ${code || ''} at ${pointer}: ${answer.text.slice(0, 400)}`);
  return found;
}

// Tries until `probe` gives something true; its last answer.
export async function eventually(probe, what, limit_ms = 5000) {
  const until = Date.now() + limit_ms;
  for (;;) {
    const got = await probe();
    if (got) return got;
    if (Date.now() > until) throw new Failure(`not in ${limit_ms} ms: ${what}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}
