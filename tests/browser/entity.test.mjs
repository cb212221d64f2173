// 新增主体 (manual 5.1.1): choices, hints, what each way fills, what is required.
import assert from 'node:assert/strict'
import { test, finish, api, axe, URL_, person, login } from './lib/browser.mjs'
import * as form from './lib/form.mjs'
import { applicant, draft, entityValues, DONGCHENG_NAMES } from './lib/setup.mjs'

const CREATE = '/entity/new'
const send = (page) => page.getByRole('button', { name: '提交审核' }).click()
const valueOf = (page, pointer) => form.field(page, pointer).locator('input').first().inputValue()

async function opened(page, kind = 'legal', nature) {
  const who = await applicant(page, kind, CREATE)
  await page.getByRole('heading', { level: 1, name: '新增主体' }).waitFor()
  if (nature) await form.select(page, '/subject/nature', nature)
  return who
}
// A complete draft, opened in the page; `change` alters its values first.
async function openComplete(page, change = () => {}, nature = 'unit') {
  const who = await applicant(page, nature === 'unit' ? 'legal' : 'person', '/business')
  const values = await entityValues(page, who, nature)
  change(values)
  const id = await draft(page, { kind: 'entity', action: 'create', values })
  await page.goto(`${URL_}/draft/${id}`)
  await form.field(page, '/subject/nature').waitFor()
  return { who, id, values }
}
const applications = async (page) => (await api(page, 'GET', '/applications')).body.items

async function refusedAt(page, pointer, pattern) {
  await send(page)
  await page.locator('main .summary').first().waitFor() // the server has answered
  await page.waitForFunction(() => ![...document.querySelectorAll('.bar button')].some((button) => button.disabled))
  await form.errorOf(page, pointer).waitFor()
  if (pattern) assert.match(await form.errorOf(page, pointer).textContent(), pattern)
  assert.equal((await applications(page)).length, 0, 'nothing is submitted')
}
async function accepted(page) {
  await send(page)
  await page.getByRole('dialog', { name: '提交成功' }).getByText('查看我的申请').click()
  await page.waitForURL((url) => url.pathname === '/my/applications')
  const [first] = await applications(page)
  assert.equal(first.title, '新增主体')
  assert.equal(first.state_label, '待审核')
}

await test('[5-07] [5.1.1-01] [5.1.1-02] without an entity: the pop-up on 首页 leads to 新增主体, and 业务办理 opens nothing else', async ({ page }) => {
  await applicant(page, 'legal', '/business')
  const main = page.locator('main')
  await main.getByText('新办网站申请').first().waitFor()
  for (const name of ['新办网站申请', '变更网站', '注销网站', '变更主体', '注销主体', '移交主体']) {
    const entry = main.locator('a, button', { hasText: name }).first()
    assert.ok((await entry.count()) === 0 || (await entry.isDisabled()) || (await entry.getAttribute('aria-disabled')) === 'true', `${name} is closed`)
  }
  await main.locator('a, button').filter({ hasText: /^\s*新增主体/ }).first().click()
  await page.getByRole('heading', { level: 1, name: '新增主体' }).waitFor()
  await page.goto(URL_ + '/home')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('您当前还无有效主体，请先申请主体', { exact: true }).waitFor()
  await axe(page)
  await dialog.getByRole('button', { name: '申请主体' }).or(dialog.getByRole('link', { name: '申请主体' })).click()
  await page.getByRole('heading', { level: 1, name: '新增主体' }).waitFor()
})

await test('[5.1.1-03] the menu group 开办主体管理 leads to the page with path and heading', async ({ page }) => {
  await applicant(page, 'legal', '/business')
  const menu = page.locator('nav[aria-label], aside').filter({ hasText: '开办主体管理' }).first()
  const group = menu.getByRole('button', { name: '开办主体管理' })
  if ((await group.getAttribute('aria-expanded')) === 'false') await group.click()
  await menu.getByRole('link', { name: '新增主体' }).click()
  await page.getByRole('heading', { level: 1, name: '新增主体' }).waitFor()
  const path = (await page.getByRole('navigation', { name: /路径|位置|面包屑/ }).textContent()).replace(/\s/g, '')
  assert.match(path, /开办主体管理[>/]?新增主体$/)
})

await test('[5.1.1-04] [5.1.1-05] a saved draft is offered, and 是 brings back every value', async ({ page }) => {
  await opened(page, 'legal', '单位')
  await form.select(page, '/subject/subtype', '事业单位')
  await form.type(page, '/unit/name', '东城望湖文化馆')
  await form.type(page, '/responsible/phone', '010-65981234')
  await form.saved(page)
  await page.goto(URL_ + '/business')
  await page.goto(URL_ + CREATE)
  const dialog = page.getByRole('dialog')
  await dialog.getByText('您有一条草稿，是否使用', { exact: true }).waitFor()
  await dialog.getByRole('button', { name: '否' }).waitFor()
  await axe(page)
  await dialog.getByRole('button', { name: '是' }).click()
  await form.field(page, '/unit/name').waitFor()
  assert.equal(await valueOf(page, '/unit/name'), '东城望湖文化馆')
  assert.equal(await valueOf(page, '/responsible/phone'), '010-65981234')
  assert.match(await form.field(page, '/subject/subtype').textContent(), /事业单位/)
})

await test('[5.1.1-06] 否 leaves the form empty and keeps the draft in 我的草稿', async ({ page }) => {
  await opened(page, 'legal', '单位')
  await form.type(page, '/unit/name', '东城望湖文化馆')
  await form.saved(page)
  await page.goto(URL_ + CREATE)
  await page.getByRole('dialog').getByRole('button', { name: '否' }).click()
  await form.field(page, '/subject/nature').waitFor()
  assert.equal(await form.field(page, '/unit/name').count(), 0)
  await form.select(page, '/subject/nature', '单位')
  assert.equal(await valueOf(page, '/unit/name'), '')
  assert.ok((await api(page, 'GET', '/drafts')).body.items.some((d) => d.name.includes('东城望湖文化馆')))
})

await test('[5.1.1-07] with 单位 there are three blocks in this order, and the last two must be filled in', async ({ page }) => {
  await opened(page, 'legal', '单位')
  const heads = (await page.locator('main h2').allTextContents()).map((t) => t.trim()).filter((t) => /信息$/.test(t))
  assert.deepEqual(heads.slice(0, 3), ['开办主体信息', '主办单位信息', '负责人信息'])
  await refusedAt(page, '/unit/name')
  await form.errorOf(page, '/responsible/name').waitFor()
})

await test('[5.1.1-08] 开办主体性质 is exactly 个人 or 单位 and required', async ({ page }) => {
  await opened(page)
  assert.deepEqual(await form.optionsOf(page, '/subject/nature'), ['个人', '单位'])
  await refusedAt(page, '/subject/nature', /请选择/)
})

await test('[5.1.1-09] with 单位 the sub-type list has 请选择, the four values, and is required', async ({ page }) => {
  await opened(page, 'legal', '单位')
  assert.match(await form.field(page, '/subject/subtype').textContent(), /请选择/)
  const all = await form.optionsOf(page, '/subject/subtype')
  for (const value of ['大中院校', '事业单位', '政府机构', '国防军队']) assert.ok(all.includes(value), value)
  await refusedAt(page, '/subject/subtype', /请选择/)
})

await test('[5.1.1-10] with 个人 the unit block is gone and the 负责人 block alone can be submitted', async ({ page }) => {
  await openComplete(page, () => {}, 'person')
  assert.equal(await page.getByRole('heading', { name: '主办单位信息' }).count(), 0)
  await accepted(page)
})

await test('[5.1.1-11] with 自主填报 the unit is typed by hand and nothing is filled in', async ({ page }) => {
  await opened(page, 'legal', '单位')
  await form.way(page, 'unit', '自主填报')
  for (const key of ['name', 'id_no', 'legal_rep']) assert.equal(await valueOf(page, `/unit/${key}`), '')
  await form.type(page, '/unit/name', '东城望湖文旅有限公司')
  assert.equal(await valueOf(page, '/unit/name'), '东城望湖文旅有限公司')
})

await test('[5.1.1-16] 同当前账号信息 of a 法人账号 fills exactly four unit fields; a 个人账号 has no such choice there', async ({ page, context }) => {
  const who = await opened(page, 'legal', '单位')
  await form.way(page, 'unit', '同当前账号信息')
  await page.waitForFunction(() => document.querySelector('[data-pointer="/unit/name"] input')?.value)
  assert.equal(await valueOf(page, '/unit/name'), who.org_name)
  assert.match(await form.field(page, '/unit/id_type').textContent(), /统一社会信用代码证/)
  assert.match(await valueOf(page, '/unit/id_no'), new RegExp(`^(${who.org_id_no}|${who.org_id_no.slice(0, 3)}\\*+${who.org_id_no.slice(-2)})$`))
  assert.ok((await valueOf(page, '/unit/legal_rep')).startsWith(who.legal_rep_name[0]))
  await form.field(page, '/unit/licence').locator('.upload.empty').waitFor()
  const other = await context.browser().newContext({ locale: 'zh-CN' }).then((c) => c.newPage())
  await opened(other, 'person', '单位')
  assert.equal(await other.locator('section[aria-labelledby="section-unit"] .ways', { hasText: '同当前账号信息' }).count(), 0)
  await other.context().close()
})

await test('[5.1.1-17] 同当前账号信息 of a 个人账号 fills exactly four fields of the 负责人; a 法人账号 has no such box there', async ({ page, context }) => {
  const who = await opened(page, 'person', '个人')
  await form.way(page, 'responsible', '同当前账号信息')
  await page.waitForFunction(() => document.querySelector('[data-pointer="/responsible/name"] input')?.value)
  assert.ok((await valueOf(page, '/responsible/name')).startsWith(who.name[0]))
  assert.match(await form.field(page, '/responsible/id_type').textContent(), /居民身份证/)
  assert.equal((await valueOf(page, '/responsible/id_no')).slice(0, 3), who.id_no.slice(0, 3))
  assert.equal((await valueOf(page, '/responsible/mobile')).slice(-4), who.mobile.slice(-4))
  assert.equal(await valueOf(page, '/responsible/address'), '')
  assert.equal(await form.field(page, '/responsible/id_until').locator('.date input').inputValue(), '')
  const other = await context.browser().newContext({ locale: 'zh-CN' }).then((c) => c.newPage())
  await opened(other, 'legal', '个人')
  assert.equal(await other.locator('section[aria-labelledby="section-responsible"] .ways', { hasText: '同当前账号信息' }).count(), 0)
  await other.context().close()
})

const typed = [
  ['5.1.1-18', 'unit', 'name', '主办单位名称', '东城望湖文旅有限公司'], ['5.1.1-20', 'unit', 'id_no', '主办单位证件号', '91110108551385082Q'],
  ['5.1.1-22', 'unit', 'legal_rep', '法定代表人姓名', '苏晚'], ['5.1.1-28', 'responsible', 'name', '负责人姓名', '林知远'],
  ['5.1.1-30', 'responsible', 'id_no', '负责人证件号码', '11010519491231002X']
]
for (const [row, section, key, label, value] of typed)
  await test(`[${row}] ${label} is a required text`, async ({ page }) => {
    await openComplete(page, (values) => delete values[section][key])
    await form.field(page, `/${section}/${key}`).locator('.star').waitFor()
    await refusedAt(page, `/${section}/${key}`, /请输入/)
    await form.type(page, `/${section}/${key}`, value)
    await accepted(page)
  })

for (const [row, section, key, label, choice] of [['5.1.1-19', 'unit', 'id_type', '主办单位证件类型', '统一社会信用代码证'], ['5.1.1-29', 'responsible', 'id_type', '负责人证件类型', '居民身份证']])
  await test(`[${row}] ${label} is a required list with ${choice}`, async ({ page }) => {
    await openComplete(page, (values) => delete values[section][key])
    await refusedAt(page, `/${section}/${key}`, new RegExp(`请选择${label}`))
    await form.select(page, `/${section}/${key}`, choice)
    await accepted(page)
  })

await test('[5.1.1-21] 主办单位有效证件 is a required picture with its hint and limits', async ({ page }) => {
  await openComplete(page, (values) => delete values.unit.licence)
  const box = form.field(page, '/unit/licence')
  await box.getByText('请上传正面扫描件').waitFor()
  await box.getByText('支持png,jpeg,jpg格式，文件大小不超过5MB').waitFor()
  assert.equal(await box.locator('.tile').evaluate((tile) => getComputedStyle(tile).borderTopStyle), 'dashed')
  await refusedAt(page, '/unit/licence')
  await form.upload(page, '/unit/licence')
  await accepted(page)
})

await test('[5.1.1-23] 单位办公地址 and 单位办公详细地址 are required', async ({ page }) => {
  await openComplete(page, (values) => { delete values.unit.office_region; delete values.unit.office_address })
  await refusedAt(page, '/unit/office_region')
  await form.region(page, '/unit/office_region', DONGCHENG_NAMES)
  assert.match(await form.field(page, '/unit/office_region').textContent(), /北京市 \/ 市辖区 \/ 东城区/)
  await refusedAt(page, '/unit/office_address')
  await form.type(page, '/unit/office_address', '东华门街道望湖路18号')
  await accepted(page)
})

await test('[5.1.1-24] the registered address is optional', async ({ page }) => {
  await openComplete(page, (values) => { delete values.unit.registered_region; delete values.unit.registered_address })
  for (const key of ['registered_region', 'registered_address']) assert.equal(await form.field(page, `/unit/${key}`).locator('.star').count(), 0)
  await accepted(page)
})

await test('[5.1.1-25] detailed addresses carry an info icon and the hint', async ({ page }) => {
  await opened(page, 'legal', '单位')
  for (const pointer of ['/unit/office_address', '/unit/registered_address', '/responsible/address']) {
    assert.match(await form.field(page, pointer).locator('input, textarea').first().getAttribute('placeholder'), /^请填写街道、镇信息，如 ?xx街道xx路xx号，xx/)
    await form.field(page, pointer).locator('.field-help svg').first().waitFor()
  }
})

for (const [row, key, question] of [['5.1.1-26', 'face_recognition', '本企业在境内应用人脸识别技术处理人脸信息'], ['5.1.1-27', 'generative_ai', '本企业是否利用生成式人工智能技术向境内公众提供服务']])
  await test(`[${row}] 「${question}」 is a required choice of 是 or 否`, async ({ page }) => {
    await openComplete(page, (values) => delete values.unit[key])
    const box = form.field(page, `/unit/${key}`)
    await box.getByText(new RegExp(question.replace('本企业在', '本企业(是否)?在'))).first().waitFor()
    assert.deepEqual((await box.locator('label.check, .el-radio').allTextContents()).map((t) => t.trim()), ['是', '否'])
    await refusedAt(page, `/unit/${key}`)
    await form.radio(page, `/unit/${key}`, '否')
    await accepted(page)
  })

await test('[5.1.1-31] [5.1.1-32] 负责人证件有效期 is a required date; 长期有效 sets it to 9999-12-31', async ({ page }) => {
  await openComplete(page, (values) => delete values.responsible.id_until)
  const box = form.field(page, '/responsible/id_until')
  assert.equal(await box.locator('.date input').getAttribute('placeholder'), '请选择')
  await box.getByText('长期有效').waitFor()
  await refusedAt(page, '/responsible/id_until')
  await form.longTerm(page, '/responsible/id_until')
  assert.equal(await box.locator('.date input').inputValue(), '9999-12-31')
  await accepted(page)
})

await test('[5.1.1-33] 负责人常住地址 and its detailed address are required', async ({ page }) => {
  await openComplete(page, (values) => { delete values.responsible.region; delete values.responsible.address })
  await refusedAt(page, '/responsible/region')
  await form.errorOf(page, '/responsible/address').waitFor()
  await form.region(page, '/responsible/region', DONGCHENG_NAMES)
  await form.type(page, '/responsible/address', '东华门街道竹影路7号')
  await accepted(page)
})

await test('[5.1.1-34] 负责人手机号码 is required, with its hint', async ({ page }) => {
  const { who } = await openComplete(page, (values) => delete values.responsible.mobile)
  assert.equal(await form.field(page, '/responsible/mobile').locator('input').getAttribute('placeholder'), '手机号码格式: 186xxxxxxxx')
  await refusedAt(page, '/responsible/mobile')
  await form.type(page, '/responsible/mobile', '1380000000')
  await form.errorOf(page, '/responsible/mobile').waitFor()
  assert.match(await form.errorOf(page, '/responsible/mobile').textContent(), /11 ?位/)
  await form.type(page, '/responsible/mobile', who.mobile)
  await accepted(page)
})

await test('[5.1.1-35] [5.1.1-36] 办公室电话 and 电子邮件地址 are optional, with their hints', async ({ page }) => {
  await openComplete(page, (values) => { delete values.responsible.phone; delete values.responsible.email })
  assert.equal(await form.field(page, '/responsible/phone').locator('input').getAttribute('placeholder'), '区号-固定电话号码,如: 010-xxxxxxxx,021-xxxxxxxx')
  assert.equal(await form.field(page, '/responsible/email').locator('input').getAttribute('placeholder'), '请输入电子邮件地址')
  await form.type(page, '/responsible/email', 'not-an-address')
  await refusedAt(page, '/responsible/email')
  await form.type(page, '/responsible/email', '')
  await accepted(page)
})

await test('[5.1.1-38] 文件认证 demands three pictures with their labels', async ({ page }) => {
  await openComplete(page, (values) => { for (const key of ['id_front', 'id_back', 'id_held']) delete values.responsible[key] })
  const labels = { id_front: '身份证人像面', id_back: '身份证国徽面', id_held: '身份证手持' }
  for (const [key, label] of Object.entries(labels)) {
    await form.field(page, `/responsible/${key}`).locator('.field-label', { hasText: label }).waitFor()
    await form.field(page, `/responsible/${key}`).getByText('支持png,jpeg,jpg格式，文件大小不超过5MB').waitFor()
  }
  for (const key of Object.keys(labels)) {
    await refusedAt(page, `/responsible/${key}`)
    await form.upload(page, `/responsible/${key}`)
  }
  await accepted(page)
})

await test('[5.1.1-39] the three labels follow the document type', async ({ page }) => {
  await opened(page, 'legal', '单位')
  await form.radio(page, '/responsible/proof', '文件认证').catch(() => {})
  const labels = async () => Promise.all(['id_front', 'id_back', 'id_held'].map(async (key) => (await form.field(page, `/responsible/${key}`).locator('.field-label').textContent()).replace(/[*\s]|选填/g, '')))
  assert.deepEqual(await labels(), ['证件正面', '证件反面', '证件手持'])
  await form.select(page, '/responsible/id_type', '居民身份证')
  assert.deepEqual(await labels(), ['身份证人像面', '身份证国徽面', '身份证手持'])
  await form.select(page, '/responsible/id_type', '普通护照')
  assert.deepEqual(await labels(), ['证件正面', '证件反面', '证件手持'])
})

await test('[5.1.1-40] only png, jpeg and jpg up to 5 MB are taken', async ({ page }) => {
  await opened(page, 'legal', '单位')
  const input = form.field(page, '/unit/licence').locator('input[type=file]').first()
  const box = form.field(page, '/unit/licence')
  const jpeg = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 800, height: 600 })
    canvas.getContext('2d').fillRect(10, 10, 300, 300)
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.9))
    return [...new Uint8Array(await blob.arrayBuffer())]
  })
  // Just under the limit: a JPEG may carry anything behind its end.
  const large = Buffer.concat([Buffer.from(jpeg), Buffer.alloc(5 * 1024 * 1024 - jpeg.length - 1)])
  for (const [name, mimeType, buffer] of [['证件.png', 'image/png', form.pngOfSize(5 * 1024 * 1024 - 1)], ['证件.jpeg', 'image/jpeg', large], ['证件.jpg', 'image/jpeg', large]]) {
    await input.setInputFiles({ name, mimeType, buffer })
    await box.locator('.upload.done', { hasText: name }).waitFor()
  }
  for (const [name, mimeType, buffer] of [['证件.pdf', 'application/pdf', Buffer.from('%PDF-1.4\n%%EOF')], ['证件.gif', 'image/gif', Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;', 'latin1')], ['证件.png', 'image/png', form.pngOfSize(5 * 1024 * 1024 + 1)]]) {
    await input.setInputFiles({ name, mimeType, buffer })
    await box.locator('.upload.failed [role=alert]').waitFor()
    assert.match(await box.locator('.upload.failed').textContent(), /png|5 ?MB/)
    await box.getByRole('button', { name: '取消' }).click()
  }
})

await test('[5.1.1-44] required items carry a red star, and the empty form is not submitted', async ({ page }) => {
  await opened(page, 'legal', '单位')
  const star = page.locator('[data-pointer="/unit/name"] .star')
  assert.equal((await star.textContent()).trim(), '*')
  assert.match(await star.evaluate((s) => getComputedStyle(s).color), /rgb\(2\d\d, ?[0-6]\d, ?[0-6]\d\)/)
  await send(page)
  const summary = page.getByRole('alert').first()
  await summary.waitFor()
  for (const box of await page.locator('.field:has(.star)').all()) {
    const pointer = await box.getAttribute('data-pointer')
    if (pointer === '/subject/nature') continue // chosen above
    assert.ok(await box.locator('.field-error').count(), `${pointer} is marked`)
  }
  assert.equal((await applications(page)).length, 0)
  await axe(page)
})

await test('[5.1.1-45] an emptied required field says 请输入', async ({ page }) => {
  await opened(page, 'legal', '单位')
  for (const pointer of ['/unit/name', '/unit/legal_rep']) {
    await form.type(page, pointer, '测')
    await form.type(page, pointer, '')
    await form.errorOf(page, pointer).waitFor()
    assert.match(await form.errorOf(page, pointer).textContent(), /请输入/)
  }
})

await test('[5.1.1-46] 保存草稿 goes to 我的草稿, which has one more row 新增主体', async ({ page }) => {
  await opened(page, 'legal', '单位')
  await form.type(page, '/unit/name', '东城望湖文旅有限公司')
  await page.getByRole('button', { name: '保存草稿' }).click()
  await page.waitForURL((url) => url.pathname === '/my/drafts')
  await page.locator('tbody tr', { hasText: '新增主体' }).first().waitFor()
  assert.equal(await page.locator('tbody tr').count(), 1)
  await axe(page)
})

await test('[5.1.1-47] [5.1.1-48] a whole entity typed in the browser is submitted; the sentence on the first business is to be read', async ({ page }) => {
  const who = await opened(page, 'legal', '单位')
  await form.select(page, '/subject/subtype', '企业')
  await form.way(page, 'unit', '同当前账号信息')
  await form.upload(page, '/unit/licence')
  await form.region(page, '/unit/office_region', DONGCHENG_NAMES)
  await form.type(page, '/unit/office_address', '东华门街道望湖路18号')
  await form.radio(page, '/unit/face_recognition', '否')
  await form.radio(page, '/unit/generative_ai', '否')
  await form.type(page, '/responsible/name', who.name)
  await form.select(page, '/responsible/id_type', '居民身份证')
  await form.type(page, '/responsible/id_no', who.id_no)
  await form.longTerm(page, '/responsible/id_until')
  await form.region(page, '/responsible/region', DONGCHENG_NAMES)
  await form.type(page, '/responsible/address', '东华门街道竹影路7号')
  await form.type(page, '/responsible/mobile', who.mobile)
  await form.radio(page, '/responsible/proof', '文件认证')
  for (const key of ['id_front', 'id_back', 'id_held']) await form.upload(page, `/responsible/${key}`)
  await page.getByText('公安机关不会单独进行主体审核，备案单位或个人必须提交至少一个网站、APP、服务商、小程序、应用市场等业务申请。').first().waitFor()
  await axe(page)
  await accepted(page)
  await page.locator('tbody tr', { hasText: '新增主体' }).getByText('待审核').first().waitFor()
})

await finish()
