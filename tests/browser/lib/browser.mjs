// Browser tests: Debian's Chromium by playwright-core. A test names its rows in brackets, gets a fresh browser profile, and leaves
// a picture of its last page for each row in build/report/rows/.
import { chromium } from 'playwright-core'
import { readFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from '../../runner/world.mjs'

export const URL_ = process.env.URL
export const SANDBOX = process.env.SANDBOX
const rowsDir = join(process.env.BEIAN_REPORT ?? join(root, 'build/report'), 'rows')
mkdirSync(rowsDir, { recursive: true })
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const WIDE = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }

let browser
async function open() {
  browser ??= await chromium.launch({
    executablePath: process.env.BEIAN_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  })
  return browser
}

// test(name, async ({ page, context, … }) => {}, { viewport, timezone, seconds, patience, context: more options of the browser's context })
export async function test(name, run, options = {}) {
  const context = await (await open()).newContext({ viewport: options.viewport ?? WIDE, locale: 'zh-CN', timezoneId: options.timezone ?? 'Asia/Shanghai', bypassCSP: false, ...options.context })
  context.setDefaultTimeout(options.patience ?? 20_000)
  const page = await context.newPage()
  const faults = []
  page.on('pageerror', (error) => faults.push(`script error: ${error.message}`))
  let late
  try {
    const work = run({ page, context })
    await Promise.race([work, new Promise((_, refuse) => { late = setTimeout(() => refuse(new Error('took too long')), (options.seconds ?? 120) * 1000) })])
    if (faults.length) throw new Error(faults[0])
    console.log(`ok ${name}`)
  } catch (error) {
    process.exitCode = 1
    console.log(`not ok ${name}: ${String(error?.stack ?? error).replace(/\u001b\[[0-9;]*m/g, '').split('\n').slice(0, 7).join(' | ').slice(0, 1200)}`)
  }
  clearTimeout(late)
  const last = context.pages().at(-1) ?? page
  for (const group of name.match(/\[[^\]]*\]/g) ?? [])
    for (const id of group.match(/\d[\d.]*-\d+/g) ?? [])
      await last.screenshot({ path: join(rowsDir, `${id}.png`) }).catch(() => {})
  await context.close().catch(() => {})
}

export async function finish() {
  await browser?.close()
}

// No violation of WCAG 2.2 A/AA and best practice on the page as it stands now.
export async function axe(page, rules = {}) {
  await page.evaluate(axeSource) // evaluated by the debugger, so the page's own policy does not stop it
  const found = await page.evaluate(async (rules) => {
    const result = await window.axe.run(document, { resultTypes: ['violations'], rules })
    return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`)
  }, rules)
  if (found.length) throw new Error('axe: ' + found.join('; '))
}

export async function noSidewaysScroll(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (over > 0) throw new Error(`the page is ${over} px wider than the window`)
}

export async function sandbox(method, path, body) {
  const answer = await fetch(SANDBOX + path, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) })
  if (!answer.ok) throw new Error(`sandbox ${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
// A fresh person, organisation or officer of the sandbox: kind person | legal | officer.
export const person = (kind, more = {}) => sandbox('POST', '/people', { kind, ...more })
export const moveClock = (seconds) => sandbox('PUT', '/clock', { offset_s: seconds })

// Logs in as a person would, but lets the sandbox answer its own page (quicker than clicking through it each time).
export async function login(page, who, to = '/home') {
  const start = (who.kind === 'officer' ? '/review/login' : '/login') + '?return_to=' + encodeURIComponent(to)
  const first = await page.context().request.get(URL_ + start, { maxRedirects: 0 })
  const { redirect_url } = await sandbox('POST', '/login', { sub: who.sub, authorization_url: first.headers().location })
  await page.goto(redirect_url)
}

// A call of the API with the page's cookies.
export async function api(page, method, path, body, headers = {}) {
  const answer = await page.context().request.fetch(URL_ + '/api/v1' + path, {
    method, headers: { 'x-beian': '1', ...(body !== undefined && !Buffer.isBuffer(body) ? { 'content-type': 'application/json' } : {}), ...headers },
    data: body === undefined ? undefined : Buffer.isBuffer(body) ? body : JSON.stringify(body)
  })
  const text = await answer.text()
  return { status: answer.status(), headers: answer.headers(), body: text && /json/.test(answer.headers()['content-type'] ?? '') ? JSON.parse(text) : text }
}
