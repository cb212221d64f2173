// Nothing that was typed is lost: autosave, reload, lost session, killed server, no network, two tabs, another account.
import assert from 'node:assert/strict'
import { ownWorld } from './lib/own.mjs'

const world = await ownWorld()
const { test, finish, api, axe, login, person, URL_, SANDBOX } = await import('./lib/browser.mjs')
const form = await import('./lib/form.mjs')
const { applicant, draft, entityValues } = await import('./lib/setup.mjs')

const valueOf = (page, pointer) => form.field(page, pointer).locator('input, textarea').first().inputValue()
const stored = async (page, id) => (await api(page, 'GET', `/drafts/${id}`)).body.values
const idOf = (page) => new URL(page.url()).pathname.split('/').pop()
const clockNow = () => new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' }).format(new Date())
const until = async (what, test, seconds = 15) => {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((wake) => setTimeout(wake, 100))) if (await test()) return
  throw new Error(`${what}: not within ${seconds} s`)
}
const savedOnServer = (page, id, section, key, value) => until(`${key} is stored`, async () => (await stored(page, id))?.[section]?.[key] === value)
const state = (page, text) => page.locator('.save-state[role=status]', { hasText: text }).waitFor()
const ended = (page) => page.getByRole('dialog', { name: '登录已过期' })

// A complete draft of an entity, open on the page.
async function openDraft(page, change = () => {}) {
  const who = await applicant(page, 'legal', '/business')
  const values = await entityValues(page, who)
  change(values)
  const id = await draft(page, { kind: 'entity', action: 'create', values })
  await show(page, id)
  return { who, id, values }
}
async function show(page, id) {
  await page.goto(`${URL_}/draft/${id}`)
  await form.field(page, '/unit/name').waitFor()
}
// A new form of which the server knows nothing yet.
async function openNew(page) {
  const who = await applicant(page, 'legal', '/entity/new')
  await form.field(page, '/subject/nature').waitFor()
  return who
}
async function loginAgain(page, who) {
  await ended(page).getByRole('button', { name: '重新登录' }).click()
  await page.waitForURL((url) => url.href.startsWith(SANDBOX))
  await page.getByRole('button', { name: who.org_name }).filter({ hasText: who.name }).click()
  await page.waitForURL((url) => url.href.startsWith(URL_))
}

// The sealed copies in this browser.
const kept = (page) => page.evaluate(() => new Promise((done) => {
  const opened = indexedDB.open('beian-offline', 1)
  opened.onupgradeneeded = () => opened.result.createObjectStore('drafts')
  opened.onsuccess = () => {
    const all = opened.result.transaction('drafts').objectStore('drafts').getAll()
    all.onsuccess = () => done(all.result.map((one) => [...new Uint8Array(one.sealed)]))
  }
}))
// Another device of the same person: calls that do not go through the page.
const cookieOf = async (context) => (await context.cookies()).map((c) => `${c.name}=${c.value}`).join('; ')
async function otherDevice(context, id) {
  const answer = await fetch(`${URL_}/api/v1/drafts/${id}`, { headers: { cookie: await cookieOf(context) } })
  return { ...(await answer.json()), etag: answer.headers.get('etag') }
}
async function put(context, id, { values, etag }) {
  const answer = await fetch(`${URL_}/api/v1/drafts/${id}`, {
    method: 'PUT', body: JSON.stringify({ values }), headers: { cookie: await cookieOf(context), 'content-type': 'application/json', 'x-beian': '1', 'if-match': etag }
  })
  assert.equal(answer.status, 200, await answer.text())
}

await test('autosave: 2 s after the last key, not before, and 已保存 with the time', async ({ page }) => {
  await openNew(page)
  const sent = []
  page.on('request', (request) => /\/api\/v1\/drafts/.test(request.url()) && ['POST', 'PUT'].includes(request.method()) && sent.push(Date.now()))
  await form.select(page, '/subject/nature', '单位')
  await form.field(page, '/unit/name').locator('input').click()
  const first = Date.now()
  for (const letter of '东城望湖文旅有限公司东城分公司') {
    await page.keyboard.insertText(letter)
    await new Promise((wake) => setTimeout(wake, 200))
  }
  const last = Date.now() - 200
  assert.ok(last - first > 2500, 'typing took longer than the quiet time')
  await form.saved(page)
  assert.equal(sent.length, 1, 'nothing is sent while a person types')
  assert.ok(sent[0] - last >= 1800 && sent[0] - last < 5000, `${sent[0] - last} ms after the last key`)
  const shown = (await page.locator('.save-state[role=status]').textContent()).match(/已保存 (\d\d:\d\d)/)[1]
  const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
  assert.ok((minutes(clockNow()) - minutes(shown) + 1440) % 1440 <= 1, `${shown} at ${clockNow()}`)
  await page.waitForURL(/\/draft\//)
  assert.equal((await stored(page, idOf(page))).unit.name, '东城望湖文旅有限公司东城分公司')
  await axe(page)
})

await test('a reload loses nothing, even straight after the last key; the pictures are there', async ({ page }) => {
  const { id } = await openDraft(page)
  await form.type(page, '/unit/office_address', '东华门街道望湖路 20 号')
  await page.reload()
  await form.field(page, '/unit/office_address').waitFor()
  await savedOnServer(page, id, 'unit', 'office_address', '东华门街道望湖路 20 号')
  await page.reload()
  await form.field(page, '/unit/office_address').waitFor()
  assert.equal(await valueOf(page, '/unit/office_address'), '东华门街道望湖路 20 号')
  for (const pointer of ['/unit/licence', '/responsible/id_front', '/responsible/id_back', '/responsible/id_held'])
    await page.waitForFunction((p) => document.querySelector(`[data-pointer="${p}"] .upload.done img`)?.naturalWidth > 0, pointer)
})

await test('a session that is gone: the dialog says so, after the login everything typed is there, on the page and on the server', async ({ page, context }) => {
  const { who, id } = await openDraft(page)
  await context.clearCookies()
  await form.type(page, '/responsible/phone', '010-65981234')
  await ended(page).waitFor()
  await ended(page).getByText('填写的内容没有丢失').waitFor()
  await axe(page)
  await loginAgain(page, who)
  assert.equal(new URL(page.url()).pathname, `/draft/${id}`)
  await form.field(page, '/responsible/phone').waitFor()
  assert.equal(await valueOf(page, '/responsible/phone'), '010-65981234')
  await form.field(page, '/unit/licence').locator('.upload.done').waitFor()
  await savedOnServer(page, id, 'responsible', 'phone', '010-65981234')
})

await test('logged out in another tab while a new form is open: the same', async ({ page, context }) => {
  const who = await openNew(page)
  await form.select(page, '/subject/nature', '单位')
  const other = await context.newPage()
  await other.goto(URL_ + '/my/applications')
  await other.getByRole('button', { name: who.org_name }).last().click()
  await other.getByRole('button', { name: '退出登录' }).last().click()
  await other.waitForURL(URL_ + '/')
  await other.close()
  await form.type(page, '/unit/name', '东城望湖文化馆')
  await ended(page).waitFor()
  await loginAgain(page, who)
  await form.field(page, '/unit/name').waitFor()
  assert.equal(await valueOf(page, '/unit/name'), '东城望湖文化馆')
  await form.saved(page)
  await page.waitForURL(/\/draft\//)
  assert.equal((await stored(page, idOf(page))).unit.name, '东城望湖文化馆')
})

await test('a picture chosen after the session ended is there after the login', async ({ page, context }) => {
  const { who, id } = await openDraft(page, (values) => delete values.unit.licence)
  await context.clearCookies()
  await form.field(page, '/unit/licence').locator('input[type=file]').first().setInputFiles({ name: '执照.png', mimeType: 'image/png', buffer: form.png() })
  await loginAgain(page, who)
  await form.field(page, '/unit/licence').locator('.upload.done').waitFor()
  assert.match(await form.field(page, '/unit/licence').textContent(), /执照\.png/)
  await until('the picture is stored', async () => (await stored(page, id)).unit.licence)
  assert.equal((await kept(page)).length, 0, 'no copy is left behind')
})

await test('a picture chosen without network is sent when the page is opened again', async ({ page, context }) => {
  const { id } = await openDraft(page, (values) => delete values.unit.licence)
  await context.setOffline(true)
  await form.field(page, '/unit/licence').locator('input[type=file]').first().setInputFiles({ name: '执照.png', mimeType: 'image/png', buffer: form.png() })
  await form.field(page, '/unit/licence').getByText(/图片已保留/).waitFor()
  await page.close()
  await context.setOffline(false)
  const again = await context.newPage()
  await show(again, id)
  await form.field(again, '/unit/licence').locator('.upload.done').waitFor()
  await until('the picture is stored', async () => (await stored(again, id)).unit.licence)
})

await test('the server is killed while a form is open: typed text and a picture come through', async ({ page }) => {
  const { id } = await openDraft(page, (values) => delete values.unit.licence)
  await world.killPlatform('SIGKILL')
  try {
    await form.type(page, '/unit/office_address', '东华门街道望湖路 21 号')
    await state(page, '已保存在本机')
    await form.field(page, '/unit/licence').locator('input[type=file]').first().setInputFiles({ name: '执照.png', mimeType: 'image/png', buffer: form.png() })
    await form.field(page, '/unit/licence').getByText(/图片已保留/).waitFor()
    await axe(page)
  } finally {
    await world.startPlatform()
  }
  await form.field(page, '/unit/licence').getByRole('button', { name: '重试' }).click()
  await form.field(page, '/unit/licence').locator('.upload.done').waitFor()
  await savedOnServer(page, id, 'unit', 'office_address', '东华门街道望湖路 21 号')
  await until('the picture is stored', async () => (await stored(page, id)).unit.licence)
  await world.killPlatform('SIGKILL')
  await world.startPlatform()
  await page.reload()
  await form.field(page, '/unit/licence').locator('.upload.done').waitFor()
  await page.waitForFunction(() => document.querySelector('[data-pointer="/unit/licence"] .upload.done img')?.naturalWidth > 0)
  assert.equal(await valueOf(page, '/unit/office_address'), '东华门街道望湖路 21 号')
})

await test('a server that restarts as soon as the key is up: the page saves by itself', async ({ page }) => {
  const { id } = await openDraft(page)
  await form.type(page, '/unit/legal_rep', '林知远')
  await world.killPlatform('SIGKILL')
  await state(page, '已保存在本机')
  await world.startPlatform()
  await savedOnServer(page, id, 'unit', 'legal_rep', '林知远')
  await state(page, /已保存 \d\d:\d\d/)
})

await test('without network: announced, kept in this browser, merged with what another device saved meanwhile', async ({ page, context }) => {
  const { id } = await openDraft(page)
  await context.setOffline(true)
  await page.getByRole('status').getByText('网络已断开，您填写的内容已保存在本机').waitFor()
  await form.type(page, '/unit/office_address', '东华门街道望湖路 22 号')
  await state(page, /已保存在本机 \d\d:\d\d/)
  await axe(page)
  await context.setOffline(false)
  await page.getByText('网络已断开').waitFor({ state: 'detached' })
  await savedOnServer(page, id, 'unit', 'office_address', '东华门街道望湖路 22 号')

  await context.setOffline(true)
  await form.type(page, '/unit/office_address', '东华门街道望湖路 23 号')
  await state(page, '已保存在本机')
  const now = await otherDevice(context, id)
  now.values.responsible.phone = '010-65981234'
  await put(context, id, now)
  await context.setOffline(false)
  await savedOnServer(page, id, 'unit', 'office_address', '东华门街道望湖路 23 号')
  assert.equal((await stored(page, id)).responsible.phone, '010-65981234')
  await until('the page shows it', async () => (await valueOf(page, '/responsible/phone')) === '010-65981234')
})
await test('the page is closed without network: the copy is taken up when it is opened again', async ({ page, context }) => {
  const { id } = await openDraft(page)
  await context.setOffline(true)
  await form.type(page, '/unit/office_address', '东华门街道望湖路 24 号')
  await state(page, '已保存在本机')
  await page.close()
  await context.setOffline(false)
  const again = await context.newPage()
  await show(again, id)
  assert.equal(await valueOf(again, '/unit/office_address'), '东华门街道望湖路 24 号')
  await savedOnServer(again, id, 'unit', 'office_address', '东华门街道望湖路 24 号')
})

const answers = [
  [503, '存储空间已满', '平台的存储空间已满，管理员已收到通知。', '已保存在本机'],
  [413, '内容过大', '草稿不能超过 256 KB，您的内容 300 KB。', '未能保存到平台']
]
for (const [status, title, detail, word] of answers)
  await test(`a save that fails with ${status} is announced with its cause and tried again`, async ({ page }) => {
    const { id } = await openDraft(page)
    await page.route('**/api/v1/drafts/*', (route) => route.request().method() !== 'PUT' ? route.continue()
      : route.fulfill({ status, contentType: 'application/problem+json', headers: { 'retry-after': '1' }, body: JSON.stringify({ type: '/problems/x', title, status, detail }) }))
    await form.type(page, '/unit/legal_rep', '林知远')
    const said = page.locator('main').locator('[role=alert], [role=status]').filter({ hasText: title })
    await said.waitFor()
    assert.ok((await said.textContent()).includes(detail), await said.textContent())
    await state(page, word)
    await axe(page)
    assert.equal(await valueOf(page, '/unit/legal_rep'), '林知远')
    await page.unroute('**/api/v1/drafts/*')
    await said.getByRole('button', { name: '立即重试' }).click({ timeout: 3000 }).catch(() => {}) // it may just have tried again by itself
    await savedOnServer(page, id, 'unit', 'legal_rep', '林知远')
    await said.waitFor({ state: 'detached' })
  })

await test('two tabs on one draft: the page shows both values and the person chooses, field by field', async ({ page, context }) => {
  const { id } = await openDraft(page)
  const other = await context.newPage()
  await show(other, id)
  await form.type(page, '/unit/legal_rep', '林知远')
  await form.type(page, '/unit/office_address', '东华门街道望湖路 30 号')
  await form.type(page, '/responsible/phone', '010-65981111')
  await savedOnServer(page, id, 'responsible', 'phone', '010-65981111')
  await form.type(other, '/unit/legal_rep', '苏晚晴')
  await form.type(other, '/unit/office_address', '东华门街道望湖路 31 号')
  await form.type(other, '/responsible/email', 'wan@example.cn')
  const dialog = other.getByRole('dialog', { name: '您在另一页面修改过这份草稿' })
  await dialog.waitFor()
  await dialog.getByText('有 2 项内容不同').waitFor()
  await axe(other)
  const before = await stored(page, id)
  assert.deepEqual([before.unit.legal_rep, before.unit.office_address, before.responsible.email], ['林知远', '东华门街道望湖路 30 号', undefined], 'nothing was overwritten')
  const row = (label) => dialog.getByRole('row').filter({ hasText: label })
  for (const text of ['苏晚晴', '林知远']) await row('法定代表人姓名').getByText(text).waitFor()
  await other.keyboard.press('Escape')
  assert.ok(await dialog.isVisible(), 'the choice cannot be skipped')
  await row('法定代表人姓名').getByRole('radio', { name: /保留另一页面的/ }).check()
  await row('单位办公详细地址').getByRole('radio', { name: /保留这个页面的/ }).check()
  await dialog.getByRole('button', { name: '保留所选的值' }).click()
  await savedOnServer(page, id, 'unit', 'office_address', '东华门街道望湖路 31 号')
  const after = await stored(page, id)
  assert.deepEqual([after.unit.legal_rep, after.responsible.phone, after.responsible.email], ['林知远', '010-65981111', 'wan@example.cn'])
  assert.equal(await valueOf(other, '/unit/legal_rep'), '林知远')
  await form.type(page, '/unit/legal_rep', '周望')
  await page.getByRole('dialog', { name: '您在另一页面修改过这份草稿' }).waitFor({ timeout: 5000 }).catch(() => {})
  await savedOnServer(page, id, 'unit', 'legal_rep', '周望')
  await until('the first tab has the other tab\'s values too', async () => (await valueOf(page, '/unit/office_address')) === '东华门街道望湖路 31 号')
})

await test('退出登录 saves first, then leaves nothing in the browser', async ({ page }) => {
  const { who, id } = await openDraft(page)
  await form.type(page, '/unit/legal_rep', '林知远')
  await page.getByRole('button', { name: who.org_name }).last().click()
  await page.getByRole('button', { name: '退出登录' }).last().click()
  await page.waitForURL(URL_ + '/')
  assert.equal((await api(page, 'GET', '/me')).status, 401)
  assert.equal((await kept(page)).length, 0)
  await login(page, who, `/draft/${id}`)
  await form.field(page, '/unit/legal_rep').waitFor()
  assert.equal(await valueOf(page, '/unit/legal_rep'), '林知远')
})

await test('退出登录 while nothing can be saved: the person stays logged in and is told', async ({ page }) => {
  const { who } = await openDraft(page)
  await page.route('**/api/v1/drafts/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()))
  await form.type(page, '/unit/legal_rep', '林知远')
  await page.getByRole('button', { name: who.org_name }).last().click()
  await page.getByRole('button', { name: '退出登录' }).last().click()
  await page.getByText('还有内容没有保存到平台，请稍后再退出').waitFor()
  assert.equal((await api(page, 'GET', '/me')).status, 200)
  assert.equal(await valueOf(page, '/unit/legal_rep'), '林知远')
})

await test('another account in the same browser is never offered the copy, and does not destroy it', async ({ page, context }) => {
  const who = await openNew(page)
  await form.select(page, '/subject/nature', '单位')
  await context.clearCookies()
  await form.type(page, '/unit/name', '不给别人看的名称')
  await ended(page).waitFor()
  const copies = await kept(page)
  assert.equal(copies.length, 1)
  assert.ok(!Buffer.from(copies[0]).includes(Buffer.from('不给别人看的名称')), 'the copy is sealed')

  const stranger = await person('legal')
  await login(page, stranger, '/entity/new')
  await form.field(page, '/subject/nature').waitFor()
  await page.waitForTimeout(1000)
  assert.equal(await form.field(page, '/unit/name').count(), 0)
  assert.equal(await page.getByText('不给别人看的名称').count(), 0)
  await form.select(page, '/subject/nature', '单位')
  await form.type(page, '/unit/name', '另一家有限公司')
  await form.saved(page)
  await page.waitForURL(/\/draft\//)

  await context.clearCookies()
  await login(page, who, '/entity/new')
  await form.field(page, '/unit/name').waitFor()
  assert.equal(await valueOf(page, '/unit/name'), '不给别人看的名称')
  await form.saved(page)
})

await test('a tab of one account never writes into the account that logged in after it', async ({ page, context }) => {
  const who = await openNew(page)
  await form.select(page, '/subject/nature', '单位')
  const stranger = await person('legal')
  const other = await context.newPage()
  await login(other, stranger, '/my/drafts')
  await other.getByRole('heading', { level: 1, name: '我的草稿' }).waitFor()
  await form.type(page, '/unit/name', '不给别人看的名称')
  await form.field(page, '/responsible/name').locator('input').focus()
  await ended(page).waitFor()
  await page.waitForTimeout(2500)
  assert.deepEqual((await api(other, 'GET', '/drafts')).body.items, [])
  await loginAgain(page, who)
  await form.field(page, '/unit/name').waitFor()
  assert.equal(await valueOf(page, '/unit/name'), '不给别人看的名称')
})

await finish()
await world.stop()
