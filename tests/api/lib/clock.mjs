// The test clock. Business time is moved for everybody on the platform: put it back with `resetClock`.
import { request, SANDBOX } from './http.mjs';
import { Failure } from './check.mjs';

async function put(offset_s) {
  const answer = await request('PUT', `${SANDBOX}/clock`, { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ offset_s }) });
  if (answer.status !== 200) throw new Failure(`the clock does not move: ${answer.status} ${answer.text.slice(0, 300)}`);
  // Every node follows within a second.
  await new Promise((wake) => setTimeout(wake, 1100));
}

export async function clockOffset() {
  return (await request('GET', `${SANDBOX}/clock`)).json.offset_s;
}

// Moves on by so many seconds from where it stands.
export async function moveClock(seconds) {
  await put((await clockOffset()) + seconds);
}

export function resetClock() {
  return put(0);
}
