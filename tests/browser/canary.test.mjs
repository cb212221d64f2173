// A business that no code of the pages knows: tests/forms/canary.json with every field type, filed, passed and carried over to its next version.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { root } from '../runner/world.mjs'
import { ownWorld } from './lib/own.mjs'

const world = await ownWorld({ env: { BEIAN_FORMS: join(root, 'tests/forms') } })
const { test, finish, api, axe, noSidewaysScroll, PHONE, URL_ } = await import('./lib/browser.mjs')
const form = await import('./lib/form.mjs')
const { draft, officer, withEntity, DONGCHENG_NAMES } = await import('./lib/setup.mjs')

const main = (page) => page.locator('main')
const next = (page) => page.getByRole('button', { name: '下一步' }).click()
const onStep = (page, number) => page.waitForFunction((n) => document.querySelector('[aria-current="step"]')?.textContent.includes(`0${n}`), number)
const check = (page, pointer, label) => form.field(page, pointer).locator('label.check', { hasText: label }).locator('input')

// What a screen reader is told at this element: its name, description and whether it is wrong.
async function told(page, selector) {
  const client = await page.context().newCDPSession(page)
  const { root: document } = await client.send('DOM.getDocument')
  const { nodeId } = await client.send('DOM.querySelector', { nodeId: document.nodeId, selector })
  assert.ok(nodeId, `there is ${selector}`)
  const { nodes } = await client.send('Accessibility.getPartialAXTree', { nodeId, fetchRelatives: false })
  await client.detach()
  const invalid = nodes[0].properties?.find((one) => one.name === 'invalid')?.value.value
  return { name: nodes[0].name?.value ?? '', description: nodes[0].description?.value ?? '', invalid: invalid === 'true' }
}
// The widget of a field that takes the focus; buttons cannot be "invalid", their description says it.
const parts = { select: 'input', text: 'input', number: 'input', note: 'textarea', date: '.date input', term: '.date input', period: '.period .date input', radio: '[role=radiogroup]', checks: '.checks', region: '.region-button', picture: '.tile', document: '.tile', group: '.group', repeat: '.repeat' }
const never = new Set(['checks', 'region', 'picture', 'document', 'group', 'repeat'])
async function wrongAt(page, pointer, part, pattern) {
  await form.errorOf(page, pointer).waitFor()
  const seen = await told(page, `[data-pointer="${pointer}"] ${parts[part]}`)
  assert.match(seen.description, pattern, `${pointer} (${part}) is described by its error: ${JSON.stringify(seen)}`)
  assert.ok(seen.name, `${pointer} has a name`)
  if (!never.has(part)) assert.ok(seen.invalid, `${pointer} (${part}) is marked wrong`)
}

const domain = `canary${Date.now().toString(36)}.cn`
let owner, filed

async function openNew(page) {
  const ready = await withEntity(page)
  await page.goto(URL_ + '/business')
  await main(page).getByRole('region', { name: '试验业务' }).or(main(page).locator('section', { hasText: '试验业务' })).getByRole('link', { name: '新办试验申请' }).click()
  await page.getByRole('heading', { level: 1, name: '新办试验申请' }).waitFor()
  return ready
}

await test('the error text of every field type is in the accessibility tree of its field', async ({ page }) => {
  await openNew(page)
  assert.deepEqual((await page.locator('ol.steps li').allTextContents()).map((text) => text.match(/试验信息|试验负责人|提示说明/)?.[0]), ['试验信息', '试验负责人', '提示说明'])
  await axe(page)
  await form.select(page, '/basics/colour', '红色') // opens 别名 and 笼舍
  await check(page, '/basics/songs', '晨曲').uncheck()
  await next(page)
  await page.getByRole('alert').getByRole('heading', { name: /^有 \d+ 处需要修改后才能进入下一步$/ }).waitFor()
  const empty = [
    ['/basics/title', 'text', /请输入试验名称/], ['/basics/nickname', 'text', /请输入别名/], ['/basics/amount', 'number', /请输入数量/], ['/basics/born', 'date', /请选择出生日期/],
    ['/basics/until', 'term', /请选择有效期/], ['/basics/songs', 'checks', /请选择曲目/], ['/basics/place', 'region', /请选择所在地区/], ['/basics/domain', 'text', /请输入域名/],
    ['/basics/addresses', 'repeat', /请输入IP/], ['/basics/portrait', 'picture', /请上传红色照片/], ['/basics/cages', 'group', /请输入笼舍|请填写笼舍/], ['/supplier/region', 'region', /请选择所属地区/]
  ]
  for (const [pointer, part, pattern] of empty) await wrongAt(page, pointer, part, pattern)
  assert.equal((await told(page, '[data-pointer="/basics/songs"] input')).invalid, true)
  await axe(page)

  await check(page, '/basics/songs', '夜曲').check()
  await next(page)
  await wrongAt(page, '/basics/night', 'radio', /请选择夜间服务/)
  const typed = [
    ['/basics/nickname', 'text', '红', /至少 2 个字/], ['/basics/story', 'note', '长'.repeat(201), /最多 200 个字，您填写了 201 个/], ['/basics/amount', 'number', '1000', /不能大于 999/],
    ['/basics/weight', 'number', '-1', /不能小于 0/], ['/basics/domain', 'text', 'https://a.cn/x', /只填域名/]
  ]
  for (const [pointer, part, value, pattern] of typed) {
    await form.type(page, pointer, value)
    await wrongAt(page, pointer, part, pattern)
  }
  await axe(page)
})

// Fills the first step. `wrong`: with values that only the server can refuse.
async function fillBasics(page, wrong) {
  await form.type(page, '/basics/title', '小黄')
  await form.select(page, '/basics/colour', '红色')
  await form.type(page, '/basics/nickname', '红红')
  await form.type(page, '/basics/story', '第一行\n第二行')
  await form.type(page, '/basics/amount', wrong ? '2.5' : '3')
  await form.type(page, '/basics/weight', '12.5')
  await form.date(page, '/basics/born', '2026-01-01')
  await form.longTerm(page, '/basics/until')
  await form.date(page, '/basics/stay', wrong ? '2027-06-02' : '2027-05-01', 0)
  await form.date(page, '/basics/stay', '2027-06-01', 1)
  await check(page, '/basics/songs', '夜曲').check()
  await form.radio(page, '/basics/night', '是')
  await form.region(page, '/basics/place', DONGCHENG_NAMES)
  await form.type(page, '/basics/domain', wrong ? 'com.cn' : domain)
  await form.type(page, '/basics/more_domains', `www.${domain}`)
  await address(page, 0, '114.114.114.114')
  if (!wrong) await address(page, 1, '223.5.5.5')
  await form.upload(page, '/basics/portrait')
  await form.select(page, '/basics/cages/0/kind', '境外')
  if (!wrong) await form.type(page, '/basics/cages/0/permit', 'X-1')
  await form.type(page, '/basics/cages/0/keeper', wrong ? '<b>张三</b>' : '张三')
  await form.upload(page, '/basics/cages/0/scan')
  await form.select(page, '/supplier/scope', '境外')
  await form.type(page, '/supplier/name', 'Bird Ltd.')
  await form.type(page, '/night_watch/phone', '010-88889999')
}
async function address(page, row, value) {
  const box = form.field(page, '/basics/addresses')
  if ((await box.locator('.repeat-row').count()) <= row) await box.getByRole('button', { name: '添加IP' }).click()
  await box.locator('.repeat-row input').nth(row).fill(value)
  await box.locator('.repeat-row input').nth(row).blur()
}

await test('what only the server can refuse comes back to its field, row and part of it', async ({ page }) => {
  await openNew(page)
  await fillBasics(page, true)
  await next(page)
  await wrongAt(page, '/basics/cages/0/permit', 'text', /请输入许可编号/)
  await form.type(page, '/basics/cages/0/permit', 'X-1')
  await next(page)
  await wrongAt(page, '/basics/domain', 'text', /域名/)
  await wrongAt(page, '/basics/amount', 'number', /整数/)
  await wrongAt(page, '/basics/cages/0/keeper', 'text', /./)
  await wrongAt(page, '/basics/stay', 'period', /./)
  await wrongAt(page, '/basics/addresses', 'repeat', /2/)
  await axe(page)
})

await test('filed from the menu to the submission; conditions, group rows and ways follow the definition', async ({ page }) => {
  owner = await openNew(page)
  assert.equal(await form.field(page, '/basics/nickname').count(), 0)
  assert.equal(await page.getByRole('heading', { name: '夜间值守' }).count(), 0)
  assert.ok(await form.field(page, '/basics/night').locator('input').first().isDisabled(), 'night waits for the song')
  await form.field(page, '/basics/colour').locator('.el-select__wrapper').click()
  await page.locator('.el-select-dropdown:visible .is-disabled', { hasText: '灰色' }).waitFor()
  await page.keyboard.press('Escape')
  await fillBasics(page, false)
  await form.field(page, '/basics/cages').getByRole('button', { name: '添加笼舍' }).click()
  await form.select(page, '/basics/cages/1/kind', '境内')
  assert.equal(await form.field(page, '/basics/cages/1/permit').count(), 0)
  assert.equal(await form.field(page, '/basics/portrait').locator('.field-label', { hasText: '红色照片' }).count(), 1)
  await axe(page)
  await next(page)
  await onStep(page, 2)
  await page.getByText('建议与主体负责人不同').waitFor()
  await page.getByText('扫码填写暂未开通，请选择自主填写。').waitFor()
  await page.getByText('夜间填写').waitFor()
  await form.way(page, 'keeper', '同主体负责人信息')
  await page.waitForFunction(() => document.querySelector('[data-pointer="/keeper/name"] input')?.value)
  await form.radio(page, '/keeper/proof', '文件认证')
  for (const key of ['id_front', 'id_back', 'id_held']) await form.upload(page, `/keeper/${key}`)
  await axe(page)
  await next(page)
  await onStep(page, 3)
  await page.getByRole('heading', { name: '试验告知书' }).waitFor()
  await axe(page)
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await page.waitForURL((url) => url.pathname === '/my/applications')
  await page.locator('tbody tr', { hasText: '新办试验' }).getByText('待审核').waitFor()
  filed = (await api(page, 'GET', '/applications?kind=canary')).body.items[0].id
  await page.goto(`${URL_}/application/${filed}`)
  for (const text of ['红红', '晨曲、夜曲', '12.5 克', '2027-05-01 至 2027-06-01', '张**', '北京市 / 市辖区 / 东城区']) await main(page).getByText(text, { exact: true }).first().waitFor()
  assert.equal(await main(page).getByText('张三').count(), 0)
  await axe(page)
}, { seconds: 120 })

await test('its unique value is refused to another person, and the page says where', async ({ page }) => {
  const other = await withEntity(page)
  const id = await draft(page, { kind: 'canary', action: 'create', entity: other.entity, values: { basics: { title: '小蓝', colour: 'yellow', domain } } })
  await page.goto(`${URL_}/draft/${id}`)
  await form.type(page, '/basics/amount', '1')
  await form.date(page, '/basics/born', '2026-01-01')
  await form.longTerm(page, '/basics/until')
  await form.region(page, '/basics/place', DONGCHENG_NAMES)
  for (const [row, value] of ['114.114.114.114', '223.5.5.5'].entries()) await address(page, row, value)
  await form.upload(page, '/basics/portrait')
  await form.select(page, '/supplier/scope', '境外')
  await form.type(page, '/supplier/name', 'Bird Ltd.')
  await next(page)
  await wrongAt(page, '/basics/domain', 'text', new RegExp(domain.replace('.', '\\.')))
  await axe(page)
})

await test('an officer passes it at the desk; it has a number of its class and stands in the register', async ({ page, context }) => {
  const desk = await officer(context)
  const bar = desk.page.getByRole('region', { name: '审核决定' })
  await desk.page.goto(`${URL_}/review/${filed}`)
  await desk.page.getByRole('button', { name: '受理', exact: true }).click()
  await bar.waitFor()
  await axe(desk.page)
  for (let most = 80; most && (await desk.page.getByRole('button', { name: '审核通过' }).isDisabled()); most--) {
    const before = await bar.locator('strong').textContent()
    await desk.page.keyboard.press('p')
    await desk.page.waitForFunction((text) => document.querySelector('.decision strong')?.textContent !== text, before)
  }
  await desk.page.keyboard.press('a')
  await desk.page.getByRole('dialog', { name: '审核通过' }).waitFor()
  await desk.page.keyboard.press('Enter')
  const [number] = (await desk.page.locator('.last').textContent()).match(/京公网安备11010109\d{6}号/)
  await desk.close()
  await page.goto(`${URL_}/register?q=${domain}`)
  for (const text of [number, '小黄', '3 只']) await page.getByText(text).first().waitFor()
  await page.getByText('开放').first().waitFor()
  for (const hidden of ['张三', 'X-1', owner.who.id_no, owner.who.mobile]) assert.ok(!(await page.content()).includes(hidden), hidden)
  await axe(page)
})

await test('on a phone every field type fits', async ({ page }) => {
  await openNew(page)
  await fillBasics(page, false)
  await noSidewaysScroll(page)
  await axe(page)
}, { viewport: PHONE })

// The platform goes on with the next version of the definition, so this one comes last.
await test('a new version: the draft is carried over, and the person is told what changed', async ({ page }) => {
  const { entity } = await withEntity(page)
  const id = await draft(page, { kind: 'canary', action: 'create', entity, values: { basics: { title: '旧稿', colour: 'blue', nickname: '蓝蓝', weight: 12, songs: ['noon'] } } })
  await world.killPlatform('SIGTERM')
  world.platformEnv.BEIAN_FORMS = join(root, 'tests/forms/v2')
  await world.startPlatform()
  await page.goto(`${URL_}/draft/${id}`)
  const notice = main(page).getByRole('status').filter({ hasText: '表单已更新，请核对' })
  await notice.waitFor()
  assert.deepEqual((await notice.getByRole('listitem').allTextContents()).sort(), ['“重量”已取消', '“颜色”的填写方式有变化，请重新填写', '新增必填项“翼展”'].sort())
  await axe(page)
  assert.equal(await form.field(page, '/basics/title').locator('input').inputValue(), '旧稿')
  assert.equal(await check(page, '/basics/songs', '午间曲').isChecked(), true)
  assert.equal(await form.field(page, '/basics/weight').count(), 0)
  await form.type(page, '/basics/wingspan', '30')
  await form.select(page, '/basics/colour', '绿色')
  await form.saved(page)
  await notice.waitFor()
  const now = (await api(page, 'GET', `/drafts/${id}`)).body
  assert.deepEqual([now.form_version, now.values.basics.title, now.values.basics.wingspan, now.values.basics.weight], [2, '旧稿', 30, undefined])
  await page.reload()
  await form.field(page, '/basics/wingspan').waitFor()
  assert.equal(await notice.count(), 0, 'told once')
})

await finish()
await world.stop()
