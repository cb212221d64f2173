// The start page and logging in (manual 2.1, 3.1, 3.2).
import assert from 'node:assert/strict'
import { test, finish, axe, login, noSidewaysScroll, person, PHONE, SANDBOX, URL_ } from './lib/browser.mjs'
import { applicant } from './lib/setup.mjs'

await test('[2.1-01] the base address shows the platform by its name, without a login', async ({ page }) => {
  const answer = await page.goto(URL_ + '/')
  assert.equal(answer.status(), 200)
  await page.getByText('全国互联网安全管理服务平台').first().waitFor()
  assert.deepEqual(await page.context().cookies(), [])
  await axe(page)
})

await test('[3.1-01] 用户登录 goes to the identity platform and comes back logged in', async ({ page }) => {
  const who = await person('person')
  await page.goto(URL_ + '/')
  await page.getByRole('link', { name: '用户登录' }).first().click()
  await page.waitForURL((url) => url.href.startsWith(SANDBOX))
  assert.ok(!(await page.context().cookies()).some((c) => c.name === 'beian'), 'nothing is logged in yet')
  await page.getByRole('button', { name: new RegExp(who.name) }).first().click()
  await page.waitForURL(URL_ + '/home')
  await page.getByText('用户登录').waitFor({ state: 'detached' })
  const me = await (await page.context().request.get(URL_ + '/api/v1/me')).json()
  assert.equal(me.kind, 'person')
})

await test('[3.2-01] after the login 首页 opens with the panels the manual names', async ({ page }) => {
  await applicant(page, 'legal', '/home')
  await page.getByRole('button', { name: /取消|暂不|关闭/ }).first().click()
  for (const panel of ['我的申请', '系统通知', '我的主体', '我的网站', '我的APP', '安全评估', '我的应用市场', '我的小程序'])
    await page.locator('main').getByRole('heading', { name: panel }).first().waitFor()
  await axe(page)
})

await test('[3.2-02] after a refused login the address opens again and 用户登录 works', async ({ page }) => {
  const who = await person('person')
  await page.goto(URL_ + '/login')
  await page.getByRole('button', { name: '拒绝' }).first().click()
  await page.waitForURL((url) => url.href.startsWith(URL_))
  await page.locator('main').getByText(/拒绝|取消|没有完成/).first().waitFor()
  await axe(page)
  assert.equal((await page.context().request.get(URL_ + '/api/v1/me')).status(), 401)
  await page.goto(URL_ + '/')
  await page.getByRole('link', { name: '用户登录' }).first().click()
  await page.getByRole('button', { name: new RegExp(who.name) }).first().click()
  await page.waitForURL(URL_ + '/home')
})

await test('the landing page and the register fit a phone and a small load', async ({ page }) => {
  let bytes = 0
  page.on('response', async (r) => { bytes += Number(r.headers()['content-length'] ?? (await r.body().catch(() => Buffer.alloc(0))).length) })
  await page.goto(URL_ + '/', { waitUntil: 'networkidle' })
  assert.ok(bytes <= 60 * 1024, `${bytes} bytes`)
  await noSidewaysScroll(page)
  await axe(page)
  await page.goto(URL_ + '/register?q=%E6%B2%A1%E6%9C%89')
  await noSidewaysScroll(page)
  await axe(page)
}, { viewport: PHONE })

await test('the login comes back to where the person was, and never to another site', async ({ page }) => {
  const who = await person('person')
  await login(page, who, '/my/drafts')
  assert.equal(new URL(page.url()).pathname, '/my/drafts')
  await page.context().clearCookies()
  await login(page, who, '//evil.example/')
  assert.equal(new URL(page.url()).origin, URL_)
})

await test('退出登录 ends the session on the server', async ({ page }) => {
  await applicant(page, 'person', '/business')
  const cookies = await page.context().cookies()
  await page.locator('header').getByRole('button').last().click()
  await page.getByRole('button', { name: '退出登录' }).first().click()
  await page.waitForURL((url) => url.pathname === '/')
  await page.context().addCookies(cookies)
  assert.equal((await page.context().request.get(URL_ + '/api/v1/me')).status(), 401)
})

await finish()
