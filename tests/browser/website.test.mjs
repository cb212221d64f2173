// 新办网站申请 (manual 5.2.1): four steps, both look-ups, the two persons, the notice, submitting and withdrawing.
import assert from 'node:assert/strict'
import { test, finish, api, axe, moveClock, URL_ } from './lib/browser.mjs'
import * as form from './lib/form.mjs'
import { draft, websiteValues, withEntity, withWebsite, DONGCHENG_NAMES } from './lib/setup.mjs'

const next = (page) => page.getByRole('button', { name: '下一步' }).click()
const back = (page) => page.getByRole('button', { name: '上一步' }).click()
const current = (page) => page.locator('[aria-current="step"]')
const valueOf = (page, pointer) => form.field(page, pointer).locator('input').first().inputValue()
const plain = (text) => text.replace(/\s/g, '')

async function open(page, change = () => {}) {
  const ready = await withEntity(page)
  const values = await websiteValues(page, ready.who)
  change(values, ready)
  const id = await draft(page, { kind: 'website', action: 'create', entity: ready.entity, values })
  await page.goto(`${URL_}/draft/${id}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { ...ready, id, values }
}
async function step(page, number) {
  for (let at = 1; at < number; at++) await next(page)
  await page.waitForFunction((n) => document.querySelector('[aria-current="step"]')?.textContent.includes(`0${n}`), number)
}
async function refused(page, pointer) {
  await next(page)
  await form.errorOf(page, pointer).waitFor()
}

await test('[5.2.1-01] [5.2.1-02] the menu opens the page with path, heading and four steps', async ({ page }) => {
  await withEntity(page)
  await page.goto(URL_ + '/business')
  const group = page.getByRole('button', { name: '网站业务' }).first()
  if ((await group.getAttribute('aria-expanded')) === 'false') await group.click()
  await page.locator('nav, aside').getByRole('link', { name: '新办网站申请' }).first().click()
  await page.getByRole('heading', { level: 1, name: '新办网站申请' }).waitFor()
  assert.match(plain(await page.getByRole('navigation', { name: /路径|位置|面包屑/ }).textContent()), /网站业务[>/]?新办网站申请$/)
  const steps = await page.locator('ol.steps li, ol:has([aria-current=step]) li').allTextContents()
  assert.deepEqual(steps.map((t) => plain(t).match(/开办主体|网站基本信息|网站负责人|提示说明/)?.[0]), ['开办主体', '网站基本信息', '网站负责人', '提示说明'])
  assert.match(await current(page).textContent(), /开办主体/)
  await axe(page)
})

await test('[5.2.1-03] 下一步 and 上一步 lead through the steps, and the values stay', async ({ page }) => {
  const { values } = await open(page)
  await step(page, 4)
  await back(page)
  assert.equal(await valueOf(page, '/security_officer/mobile'), values.security_officer.mobile)
  await back(page)
  assert.equal(await valueOf(page, '/site/domain'), values.site.domain)
})

await test('[5.2.1-04] a starred field left empty keeps the step and is marked, in steps 2 and 3', async ({ page }) => {
  await open(page, (values) => { delete values.site.name; delete values.emergency_contact.mobile })
  await step(page, 2)
  await form.field(page, '/site/name').locator('.star').waitFor()
  await refused(page, '/site/name')
  assert.match(await current(page).textContent(), /网站基本信息/)
  await axe(page)
  await form.type(page, '/site/name', '望湖民宿预订')
  await next(page)
  await form.field(page, '/emergency_contact/mobile').waitFor()
  await refused(page, '/emergency_contact/mobile')
  assert.match(await current(page).textContent(), /网站负责人/)
})

await test('[5.2.1-06] [5.2.1-07] step 1 shows the entity for reading only, masked', async ({ page }) => {
  const { who } = await open(page)
  const main = page.locator('main')
  for (const label of ['主体类型', '主办单位名称', '主办单位证件类型', '主办单位证件号', '主办单位有效证件', '单位办公地址', '单位办公详细地址', '单位注册地址', '单位注册详细地址', '法定代表人姓名',
    '负责人姓名', '负责人证件类型', '负责人证件号码', '负责人证件有效期', '负责人常住地址', '手机号码', '办公室电话', '电子邮件地址', '认证方式', '身份证人像面', '身份证国徽面', '身份证手持'])
    await main.getByText(label).first().waitFor()
  assert.equal(await main.locator('input:not([type=hidden]):visible, textarea:visible, [contenteditable=true]').count(), 0)
  const text = plain(await main.textContent())
  for (const mask of [who.name[0] + '**', who.id_no.slice(0, 3) + '*****' + who.id_no.slice(-2), who.mobile.slice(0, 3) + '****' + who.mobile.slice(-4), (who.legal_rep_name ?? '苏晚')[0] + '**'])
    assert.ok(text.includes(mask), `${mask} is shown`)
  const source = await page.content()
  for (const full of [who.id_no, who.mobile]) assert.ok(!source.includes(full), 'no full value is in the page')
})

await test('[5.2.1-08] the block 网络接入服务商 has four required fields', async ({ page }) => {
  await open(page, (values) => { values.access = {} })
  await step(page, 2)
  await page.getByRole('heading', { name: '网络接入服务商' }).waitFor()
  for (const [key, fill] of [['scope', () => form.select(page, '/access/scope', '境内')], ['region', () => form.region(page, '/access/region', DONGCHENG_NAMES)], ['name', () => form.type(page, '/access/name', '东城云计算有限公司')], ['mode', () => form.select(page, '/access/mode', '租赁主机')]]) {
    if (key === 'region' && !(await form.field(page, '/access/region').count())) continue
    if (key !== 'scope' || !/境内/.test(await form.field(page, '/access/scope').textContent())) await refused(page, `/access/${key}`)
    await fill()
  }
  await next(page)
  await form.field(page, '/security_officer/name').waitFor()
})

await test('[5.2.1-09] the block 域名注册服务商 has three required fields', async ({ page }) => {
  await open(page, (values) => { values.registrar = {} })
  await step(page, 2)
  await page.getByRole('heading', { name: '域名注册服务商' }).waitFor()
  for (const label of ['域名商所属地区管辖', '域名服务商所属地区']) await page.getByText(label).first().waitFor()
  await refused(page, '/registrar/name')
  await form.select(page, '/registrar/scope', '境内')
  await form.region(page, '/registrar/region', DONGCHENG_NAMES)
  await refused(page, '/registrar/name')
  await form.type(page, '/registrar/name', '东城域名有限公司')
  await next(page)
  await form.field(page, '/security_officer/name').waitFor()
})

// Twelve made-up providers in 东城区 need rows in the store: the shipped list of this installation has them by BEIAN_FORMS in its own test.
await test('[5.2.1-10] [5.2.1-11] the look-up 网络接入服务商查询 wants a region, finds by it, and 清空 empties both', async ({ page }) => {
  await open(page)
  await step(page, 2)
  await page.getByRole('button', { name: '查询网络接入服务商' }).click()
  const dialog = page.getByRole('dialog', { name: '网络接入服务商查询' })
  await dialog.getByRole('heading', { name: '网络接入服务商查询' }).waitFor()
  const name = dialog.getByRole('textbox', { name: '名称' })
  assert.equal(await name.getAttribute('placeholder'), '请输入')
  await name.fill('阿里云')
  await dialog.getByRole('button', { name: '查询', exact: true }).click()
  await dialog.getByText(/请选择.*接入商所属地区/).first().waitFor()
  await dialog.locator('.region-button').click()
  for (const part of ['浙江省', '杭州市', '余杭区']) await dialog.locator('.region-row', { hasText: part }).first().click()
  await dialog.getByRole('button', { name: '查询', exact: true }).click()
  await dialog.locator('tbody tr', { hasText: '阿里云计算有限公司' }).first().waitFor()
  assert.deepEqual((await dialog.locator('thead th').allTextContents()).map(plain).slice(0, 4), ['序号', '所属省', '所属市', '所属区'])
  await axe(page)
  await dialog.getByRole('button', { name: '清空' }).first().click()
  assert.equal(await name.inputValue(), '')
  assert.match(await dialog.locator('.region-button').textContent(), /请选择/)
})

await test('[5.2.1-14] [5.2.1-15] 选择 takes the provider over; a name that is not found is typed by hand', async ({ page }) => {
  await open(page, (values) => { values.access = { scope: 'domestic', mode: 'virtual-space' } })
  await step(page, 2)
  await page.getByRole('button', { name: '查询网络接入服务商' }).click()
  const dialog = page.getByRole('dialog', { name: '网络接入服务商查询' })
  await dialog.locator('.region-button').click()
  for (const part of ['浙江省', '杭州市', '余杭区']) await dialog.locator('.region-row', { hasText: part }).first().click()
  await dialog.getByRole('button', { name: '查询', exact: true }).click()
  await dialog.locator('tbody tr', { hasText: '阿里云计算有限公司' }).first().getByRole('button', { name: /选择/ }).click()
  await dialog.waitFor({ state: 'detached' }).catch(() => dialog.waitFor({ state: 'hidden' }))
  assert.equal(await valueOf(page, '/access/name'), '阿里云计算有限公司')
  assert.match(await form.field(page, '/access/region').textContent(), /浙江省 \/ 杭州市 \/ 余杭区/)
  await page.getByRole('button', { name: '查询网络接入服务商' }).click()
  await dialog.getByRole('textbox', { name: '名称' }).fill('没有这家')
  await dialog.locator('.region-button').click()
  await dialog.getByRole('searchbox', { name: /搜索/ }).fill('东城区')
  await dialog.locator('.region-row', { hasText: '北京市 / 市辖区 / 东城区' }).click()
  await dialog.getByRole('button', { name: '查询', exact: true }).click()
  await dialog.getByText(/没有(查到|找到|查询到)|未查询到|手动填写/).first().waitFor()
  await page.keyboard.press('Escape')
  await form.type(page, '/access/name', '没有这家接入有限公司')
  await next(page)
  await form.field(page, '/security_officer/name').waitFor()
})

await test('[5.2.1-16] 查询域名注册服务商 works the same way', async ({ page }) => {
  await open(page, (values) => { values.registrar = { scope: 'domestic' } })
  await step(page, 2)
  await page.getByRole('button', { name: '查询域名注册服务商' }).click()
  const dialog = page.getByRole('dialog', { name: '域名注册服务商查询' })
  await dialog.getByRole('button', { name: '查询', exact: true }).click()
  await dialog.locator('[role=alert], .field-error').filter({ hasText: '请选择' }).first().waitFor()
  assert.equal(await dialog.locator('tbody tr button').count(), 0)
  await dialog.locator('.region-button').click()
  for (const part of ['浙江省', '杭州市', '余杭区']) await dialog.locator('.region-row', { hasText: part }).first().click()
  await dialog.getByRole('button', { name: '查询', exact: true }).click()
  await dialog.locator('tbody tr').first().getByRole('button', { name: /选择/ }).click()
  assert.match(await valueOf(page, '/registrar/name'), /阿里云/)
  await form.type(page, '/registrar/name', '东城域名有限公司')
  assert.equal(await valueOf(page, '/registrar/name'), '东城域名有限公司')
})

await test('[5.2.1-17] [5.2.1-18] step 3 has two blocks of six fields', async ({ page }) => {
  await open(page)
  await step(page, 3)
  const labels = async (section) => (await page.locator(`section[aria-labelledby="section-${section}"] .field-label`).allTextContents()).map((t) => plain(t).replace(/^\*|选填$/g, ''))
  await page.getByRole('heading', { name: '网站安全负责人信息' }).waitFor()
  assert.deepEqual((await labels('security_officer')).slice(0, 6), ['负责人姓名', '负责人证件类型', '负责人证件号码', '证件有效期', '手机号码', '电子邮件地址'])
  await page.getByRole('heading', { name: '网站应急联络人' }).waitFor()
  assert.deepEqual((await labels('emergency_contact')).slice(0, 6), ['联络人姓名', '联络人证件类型', '联络人证件号码', '证件有效期', '手机号码', '电子邮件地址'])
})

await test('[5.2.1-19] [5.2.1-20] [5.2.1-23] 同主体负责人信息 fills one block, masked, with the warning; 自主填写 leaves the other to the hand', async ({ page }) => {
  const { who } = await open(page, (values) => { values.security_officer = { proof: 'file' }; values.emergency_contact = { proof: 'file' } })
  await step(page, 3)
  await form.way(page, 'security_officer', '同主体负责人信息')
  await form.way(page, 'emergency_contact', '自主填写')
  await page.waitForFunction(() => document.querySelector('[data-pointer="/security_officer/name"] input')?.value)
  const check = async (section) => {
    assert.equal(await valueOf(page, `/${section}/name`), who.name[0] + '**')
    assert.equal(await valueOf(page, `/${section}/id_no`), who.id_no.slice(0, 3) + '*****' + who.id_no.slice(-2))
    assert.equal(await valueOf(page, `/${section}/mobile`), who.mobile.slice(0, 3) + '****' + who.mobile.slice(-4))
    assert.equal(await form.field(page, `/${section}/id_until`).locator('.date input').inputValue(), '9999-12-31')
  }
  await check('security_officer')
  assert.equal(await valueOf(page, '/emergency_contact/name'), '')
  await form.type(page, '/emergency_contact/name', '林知远')
  assert.equal(await valueOf(page, '/emergency_contact/name'), '林知远')
  await page.getByText('为保障您的信息安全，平台未完整存储您的个人信息，请您逐项核实').first().waitFor()
  await form.way(page, 'emergency_contact', '同主体负责人信息')
  await page.waitForFunction(() => document.querySelector('[data-pointer="/emergency_contact/mobile"] input')?.value)
  await check('emergency_contact')
})

await test('[5.2.1-22] 文件认证 asks three pictures in each block', async ({ page }) => {
  await open(page, (values) => { for (const s of ['security_officer', 'emergency_contact']) for (const k of ['id_front', 'id_back', 'id_held']) delete values[s][k] })
  await step(page, 3)
  for (const section of ['security_officer', 'emergency_contact'])
    for (const [key, label] of [['id_front', '证件正面'], ['id_back', '证件反面'], ['id_held', '证件手持']]) {
      const box = form.field(page, `/${section}/${key}`)
      assert.equal(plain(await box.locator('.field-label').textContent()).replace('*', ''), label)
      await box.getByText('支持png,jpeg,jpg格式，文件大小不超过5MB').waitFor()
    }
  const box = form.field(page, '/security_officer/id_front')
  for (const [name, mimeType, buffer] of [['证件.pdf', 'application/pdf', Buffer.from('%PDF-1.4\n%%EOF')], ['证件.png', 'image/png', form.pngOfSize(5 * 1024 * 1024 + 1)]]) {
    await box.locator('input[type=file]').first().setInputFiles({ name, mimeType, buffer })
    await box.locator('.upload.failed [role=alert]').waitFor()
    await box.getByRole('button', { name: '取消' }).click()
  }
})

await test('[5.2.1-24] the same person in both blocks is advised against and not barred', async ({ page }) => {
  await open(page)
  await step(page, 3)
  await page.getByText('网站应急联络人需承担 7×24 小时联络责任，建议不与网站负责人相同').first().waitFor()
  await next(page)
  await page.getByRole('button', { name: '提交', exact: true }).waitFor()
})

const manual = {
  head: '互联网信息服务单位网络安全责任告知书',
  first: '为了保护网络信息安全，保障公民、法人和其他组织的合法权益，维护国家安全和社会公共利益，根据《中华人民共和国计算机信息系统安全保护条例》、《计算机信息网络国际联网安全保护管理办法》等相关法律法规规定，现就你单位应依法履行的网络安全责任告知书如下：'
}

await test('[5.2.1-25] [5.2.1-26] the notice: heading, first paragraph, points 一, 二, 三 and 五', async ({ page }) => {
  await open(page)
  await step(page, 4)
  await page.getByRole('heading', { name: manual.head }).waitFor()
  const text = plain(await page.locator('main').textContent())
  for (const part of [manual.first.replace('告知书如下', '告知'), '一、具备法律法规所要求的相应资质；', '互联网信息服务提供者应为独立承担法律责任的主体，从事互联网信息服务依据法律、行政法规以及国务院有关规定，需经有关部门许可的应取得相应许可资质。',
    '二、依法接受公安机关监督、检查、指导；', '三、协助公安机关依法查处涉网违法犯罪活动；', '五、在网站首页显著位置张贴公安机关核发的备案图标；'])
    assert.ok(text.includes(part.replace(/现就你单位.*$/, '现就你单位应依法履行的网络安全责任告知')), part)
  await axe(page)
})

await test('[5.2.1-27] point 四 links the five rules and names the duties', async ({ page }) => {
  await open(page)
  await step(page, 4)
  const text = plain(await page.locator('main').textContent())
  const rules = ['《中华人民共和国计算机信息系统安全保护条例》', '《互联网安全保护技术措施规定》', '《互联网交互式服务安全保护要求》', '《互联网服务安全评估基本程序及要求》']
  for (const rule of rules) {
    const link = page.locator('main').getByRole('link', { name: rule }).first()
    assert.match(await link.getAttribute('href'), /^https?:\/\//)
    assert.match((await link.getAttribute('rel')) ?? '', /noopener|noreferrer/)
  }
  assert.equal(await page.locator('main a[href^="http"]', { hasText: '《' }).count() >= 5, true)
  assert.match(text, /四、根据.*履行违法信息过滤、公共信息巡查、用户资质查验、日志信息留存和应急快速处置等安全保护义务，落实安全管理责任和相关安全保护技术措施/)
})

await test('[5.2.1-28] [5.2.1-29] points 六 and 七 set 30 days and 5 working days', async ({ page }) => {
  await open(page)
  await step(page, 4)
  const text = plain(await page.locator('main').textContent())
  assert.ok(text.includes('六、当联网备案信息发生变更时，请您于变更后30日内登录本平台提交变更信息，若未按规定要求、时限办理变更手续，公安机关将依法通知接入商暂停网站接入；'))
  assert.ok(text.includes('七、当网站不再开办时，请您于5个工作日内登录本平台，向属地公安机关网安部门提出撤销申请。'))
})

await test('[5.2.1-30] 提交 submits, and 我的申请 has one more website row with 待审核', async ({ page }) => {
  await open(page)
  await step(page, 4)
  await page.getByRole('button', { name: '提交', exact: true }).click()
  const done = page.getByRole('dialog', { name: '提交成功' })
  await done.or(page.locator('tbody')).first().waitFor()
  if (await done.isVisible()) await done.getByText('查看我的申请').click()
  await page.waitForURL((url) => url.pathname === '/my/applications')
  const row = page.locator('tbody tr', { hasText: '新办网站' })
  await row.getByText('待审核').waitFor()
  assert.equal(await row.count(), 1)
})

await test('[5.2.1-32] the detail of a website application is the wizard for reading', async ({ page }) => {
  const { website } = await withWebsite(page)
  await page.goto(`${URL_}/application/${website.id}`)
  for (let at = 1; at <= 4; at++) {
    await page.locator('[aria-current="step"]', { hasText: ['开办主体', '网站基本信息', '网站负责人', '提示说明'][at - 1] }).waitFor()
    assert.equal(await page.locator('main input:visible, main textarea:visible').count(), 0)
    if (at > 1) await page.getByRole('button', { name: '上一步' }).waitFor()
    if (at < 4) await next(page)
  }
  await page.getByRole('heading', { name: manual.head }).waitFor()
  await page.getByRole('button', { name: '撤销申请' }).first().waitFor()
  await axe(page)
})

await test('[5.2.1-31] 撤销申请 works within 30 minutes', async ({ page }) => {
  const { website } = await withWebsite(page)
  await page.goto(`${URL_}/application/${website.id}`)
  await page.getByRole('button', { name: '撤销申请' }).first().click()
  const confirm = page.getByRole('dialog').getByRole('button', { name: /撤销申请|确认|确定/ })
  if (await confirm.count()) await confirm.first().click()
  await page.getByText('已撤销').first().waitFor()
  assert.equal((await api(page, 'GET', `/applications/${website.id}`)).body.state, 'withdrawn')
})

// The clock moves for everybody on this platform, so this one comes last.
await test('[5.2.1-31] 撤销申请 is refused 31 minutes after the submission', async ({ page }) => {
  const { website } = await withWebsite(page)
  await moveClock(31 * 60)
  await page.goto(`${URL_}/application/${website.id}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  assert.equal(await page.getByRole('button', { name: '撤销申请' }).count(), 0)
  assert.equal((await api(page, 'POST', `/applications/${website.id}/withdraw`, {})).status, 409)
  await moveClock(0)
})

await finish()
