// A platform of the test's own, when it needs another environment, another clock or a restart. Import the other helpers after it:
//   const { world } = await ownWorld({ env: … }); const { test } = await import('./lib/browser.mjs')
import { startWorld } from '../../runner/world.mjs'

export async function ownWorld(options = {}) {
  const world = await startWorld({ bin: process.env.BEIAN_BIN, ...options })
  Object.assign(process.env, { URL: world.url, SANDBOX: world.sandbox })
  return world
}
