// The whole first filing, from the start page to the number in the register: on a phone, by keyboard alone, and with every clock in another
// time zone (the server in New York, the browser on Kiritimati).
import assert from 'node:assert/strict'
import { ownWorld } from './lib/own.mjs'

const world = await ownWorld({ env: { TZ: 'America/New_York' } })
const { test, finish, api, axe, login, moveClock, noSidewaysScroll, person, PHONE, SANDBOX, URL_, WIDE } = await import('./lib/browser.mjs')
const form = await import('./lib/form.mjs')
const { applicant, decide, draft, entityValues, officer, submit, websiteValues, withEntity, DONGCHENG_NAMES } = await import('./lib/setup.mjs')

const NUMBER = /京公网安备\d{14}号/
const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor()
const onStep = (page, number) => page.waitForFunction((n) => document.querySelector('[aria-current="step"]')?.textContent.includes(`0${n}`), number)
const region = '110101'
const freshPerson = (kind, more) => person(kind, { region, ...more })
const today = '2026-10-20'
const firstType = async (page) => (await api(page, 'GET', '/forms/website')).body.lists['website-types'][0].label

// ---- on a phone

async function looked(page) {
  await noSidewaysScroll(page)
  await axe(page)
}
async function tapIn(page, who) {
  await page.getByRole('link', { name: '用户登录' }).first().tap()
  await page.waitForURL((url) => url.href.startsWith(SANDBOX))
  await page.getByRole('button', { name: who.org_name ?? who.name }).filter({ hasText: who.name }).tap()
  await page.waitForURL((url) => url.href.startsWith(URL_))
}
// A picture as on a phone: the tile opens a sheet, its second row the album.
async function album(page, pointer) {
  const box = form.field(page, pointer)
  await box.locator('button.tile').tap()
  const sheet = box.getByRole('dialog')
  await sheet.getByRole('button', { name: /^拍照/ }).waitFor()
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), sheet.getByRole('button', { name: '从相册选择' }).tap()])
  await chooser.setFiles({ name: '照片.png', mimeType: 'image/png', buffer: form.png() })
  await box.locator('.upload.done').waitFor()
}

await test('the first filing on a phone of 390 px, from the start page to the number in the register', async ({ page, context }) => {
  const who = await freshPerson('legal')
  await page.goto(URL_ + '/')
  await looked(page)
  await tapIn(page, who)
  const first = page.getByRole('dialog').getByText('您当前还无有效主体，请先申请主体')
  await first.waitFor()
  await looked(page)
  await page.getByRole('dialog').getByRole('button', { name: '申请主体' }).or(page.getByRole('dialog').getByRole('link', { name: '申请主体' })).tap()
  await heading(page, '新增主体')
  await form.select(page, '/subject/nature', '单位')
  await form.select(page, '/subject/subtype', '企业')
  await form.way(page, 'unit', '同当前账号信息')
  await album(page, '/unit/licence')
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
  for (const key of ['id_front', 'id_back', 'id_held']) await album(page, `/responsible/${key}`)
  await looked(page)
  await page.getByRole('button', { name: '提交审核' }).tap()
  const done = page.getByRole('dialog', { name: '提交成功' })
  await done.waitFor()
  await looked(page)
  await done.getByRole('button', { name: '新办网站申请' }).tap()

  await heading(page, '新办网站申请')
  await looked(page)
  await page.getByRole('button', { name: '下一步' }).tap()
  await onStep(page, 2)
  await form.type(page, '/site/name', who.site_name)
  await form.type(page, '/site/icp', who.icp)
  await form.date(page, '/site/opened', today)
  await form.select(page, '/site/type', await firstType(page))
  await form.type(page, '/site/domain', who.domain)
  await form.type(page, '/site/url', `https://www.${who.domain}`)
  await form.field(page, '/site/addresses').getByRole('button', { name: '填入' }).tap()
  await album(page, '/site/domain_certificate')
  await form.date(page, '/site/certificate_period', '2026-01-01', 0)
  await form.date(page, '/site/certificate_period', '2028-01-01', 1)
  for (const [section, button] of [['access', '查询网络接入服务商'], ['registrar', '查询域名注册服务商']]) {
    await page.getByRole('button', { name: button }).tap()
    const dialog = page.locator('dialog.modal[open]')
    await dialog.locator('.region-button').tap()
    for (const part of ['浙江省', '杭州市', '余杭区']) await dialog.locator('.region-row', { hasText: part }).first().tap()
    await dialog.getByRole('button', { name: '查询', exact: true }).tap()
    await dialog.getByRole('button', { name: /^选择 阿里云/ }).first().waitFor()
    await looked(page)
    await dialog.getByRole('button', { name: /^选择 阿里云/ }).first().tap()
    assert.match(await form.field(page, `/${section}/name`).locator('input').inputValue(), /^阿里云/)
  }
  await form.radio(page, '/service/interactive', '否')
  await form.radio(page, '/controlled/goods', '否')
  await form.radio(page, '/controlled/permit', '否')
  await looked(page)
  await page.getByRole('button', { name: '下一步' }).tap()
  await onStep(page, 3)
  for (const section of ['security_officer', 'emergency_contact']) {
    await form.way(page, section, '同主体负责人信息')
    await page.waitForFunction((key) => document.querySelector(`[data-pointer="/${key}/name"] input`)?.value, section)
    await form.radio(page, `/${section}/proof`, '文件认证')
    for (const key of ['id_front', 'id_back', 'id_held']) await album(page, `/${section}/${key}`)
  }
  await looked(page)
  await page.getByRole('button', { name: '下一步' }).tap()
  await onStep(page, 4)
  await looked(page)
  await page.getByRole('button', { name: '提交', exact: true }).tap()
  await page.waitForURL((url) => url.pathname === '/my/applications')
  await page.locator('tbody tr', { hasText: '新办网站' }).getByText('待审核').waitFor()
  await looked(page)

  const { items } = (await api(page, 'GET', '/applications?kind=website')).body
  const desk = await officer(context)
  const { number } = await decide(desk, items[0].id, 'pass', { with_entity: true })
  await desk.close()
  await page.goto(`${URL_}/application/${items[0].id}`)
  await page.getByText(number).first().waitFor()
  await looked(page)
  await page.goto(URL_ + '/home')
  await page.getByText(number).or(page.getByText(who.site_name)).first().waitFor()
  await looked(page)
  await context.clearCookies()
  await page.goto(URL_ + '/register')
  await looked(page)
  await page.locator('input[name=q]').fill(number)
  await page.getByRole('button', { name: '查询' }).tap()
  await page.getByText(who.site_name).first().waitFor()
  await looked(page)
}, { viewport: PHONE, context: { hasTouch: true, isMobile: true }, seconds: 150 })

// ---- by keyboard alone: from here to the end of the journey the page is touched through page.keyboard only

const press = (page, ...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())
const here = (page, selector, text = '') => page.evaluate(([css, words]) => {
  const at = document.activeElement
  return at !== document.body && at.matches(css) && (at.textContent + ' ' + (at.getAttribute('aria-label') ?? '')).includes(words)
}, [selector, text])
async function tabTo(page, selector, text, most = 250) {
  for (let i = 0; i < most; i++) {
    if (await here(page, selector, text)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never reaches ${selector} ${text ?? ''}`)
}
const at = (pointer, rest) => `[data-pointer="${pointer}"] ${rest}`
const keys = {
  async text(page, pointer, value) {
    await tabTo(page, `${at(pointer, 'input:not([type=file])')}, ${at(pointer, 'textarea')}`)
    await page.keyboard.type(value)
  },
  async select(page, pointer, label) {
    await tabTo(page, at(pointer, 'input'))
    await press(page, 'Enter')
    await page.locator('.el-select-dropdown:visible').first().waitFor()
    for (let i = 0; i < 40; i++) {
      const now = await page.evaluate(() => [...document.querySelectorAll('.el-select-dropdown__item.is-hovering')].filter((item) => item.checkVisibility()).map((item) => item.textContent.trim())[0])
      if (now === label) return press(page, 'Enter')
      await press(page, 'ArrowDown')
    }
    throw new Error(`${label} is not reached in the list of ${pointer}`)
  },
  async radio(page, pointer, label) {
    await tabTo(page, at(pointer, 'input[type=radio]'))
    await press(page, 'Space')
    const chosen = () => page.evaluate((css) => document.querySelector(css)?.closest('label').textContent.trim(), at(pointer, 'input:checked'))
    for (let i = 0; i < 6 && (await chosen()) !== label; i++) await press(page, 'ArrowDown')
    assert.equal(await chosen(), label)
  },
  async way(page, section, label) {
    const group = `section[aria-labelledby="section-${section}"] .ways input`
    await tabTo(page, group)
    const now = () => page.evaluate(() => document.activeElement.closest('label')?.textContent.trim())
    await press(page, 'Space')
    for (let i = 0; i < 6 && (await now()) !== label; i++) await press(page, 'ArrowDown')
    assert.equal(await now(), label)
  },
  async check(page, pointer) {
    await tabTo(page, at(pointer, 'input[type=checkbox]'))
    await press(page, 'Space')
  },
  async region(page, opener, word, whole) {
    await tabTo(page, opener)
    await press(page, 'Enter')
    await page.keyboard.type(word)
    await page.locator('dialog[open] .region-row', { hasText: whole }).waitFor()
    await press(page, 'ArrowDown')
    assert.ok(await here(page, '.region-row', whole), 'the arrow leads into the list')
    await press(page, 'Enter')
  },
  async date(page, pointer, value, index = 0) {
    const selector = at(pointer, '.date input')
    await page.waitForSelector(selector)
    for (let i = 0; i < 250 && !(await page.evaluate(([css, n]) => document.querySelectorAll(css)[n] === document.activeElement, [selector, index])); i++) await press(page, 'Tab')
    await page.keyboard.type(value)
    await press(page, 'Enter', 'Escape')
  },
  async picture(page, pointer) {
    await tabTo(page, at(pointer, 'button.tile'))
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')])
    await chooser.setFiles({ name: '照片.png', mimeType: 'image/png', buffer: form.png() })
    await form.field(page, pointer).locator('.upload.done').waitFor()
  },
  async button(page, text) {
    await tabTo(page, 'button, a', text)
    await press(page, 'Enter')
  }
}
async function keyIn(page, who, link) {
  await tabTo(page, 'a', link)
  await press(page, 'Enter')
  await page.waitForURL((url) => url.href.startsWith(SANDBOX))
  await tabTo(page, 'button', who.name)
  while (!(await here(page, 'button', who.org_name ?? who.unit_name ?? who.name))) {
    await press(page, 'Tab')
    await tabTo(page, 'button', who.name)
  }
  await press(page, 'Enter')
  await page.waitForURL((url) => url.href.startsWith(URL_))
}

await test('the first filing by keyboard alone: applicant, officer and the public look-up', async ({ page, context }) => {
  page.on('filechooser', () => {}) // choosers are caught from now on
  const who = await freshPerson('legal')
  await page.goto(URL_ + '/')
  await keyIn(page, who, '用户登录')
  await page.getByRole('dialog').getByText('您当前还无有效主体，请先申请主体').waitFor()
  await keys.button(page, '申请主体')
  await heading(page, '新增主体')
  await page.locator('[data-pointer="/subject/nature"] input').waitFor()
  await keys.select(page, '/subject/nature', '单位')
  await keys.select(page, '/subject/subtype', '企业')
  await keys.way(page, 'unit', '同当前账号信息')
  await page.waitForFunction(() => document.querySelector('[data-pointer="/unit/name"] input')?.value)
  await keys.picture(page, '/unit/licence')
  await keys.region(page, at('/unit/office_region', '.region-button'), '北京市市辖区东城区', '东城区')
  await keys.text(page, '/unit/office_address', '东华门街道望湖路18号')
  await keys.radio(page, '/unit/face_recognition', '否')
  await keys.radio(page, '/unit/generative_ai', '否')
  await keys.text(page, '/responsible/name', who.name)
  await keys.select(page, '/responsible/id_type', '居民身份证')
  await keys.text(page, '/responsible/id_no', who.id_no)
  await keys.check(page, '/responsible/id_until')
  await keys.region(page, at('/responsible/region', '.region-button'), '北京市市辖区东城区', '东城区')
  await keys.text(page, '/responsible/address', '东华门街道竹影路7号')
  await keys.text(page, '/responsible/mobile', who.mobile)
  await keys.radio(page, '/responsible/proof', '文件认证')
  for (const key of ['id_front', 'id_back', 'id_held']) await keys.picture(page, `/responsible/${key}`)
  await axe(page)
  await keys.button(page, '提交审核')
  await page.getByRole('dialog', { name: '提交成功' }).waitFor()
  await keys.button(page, '新办网站申请')

  await heading(page, '新办网站申请')
  await page.getByRole('button', { name: '下一步' }).waitFor()
  await axe(page)
  await keys.button(page, '下一步')
  await onStep(page, 2)
  await keys.text(page, '/site/name', who.site_name)
  await keys.text(page, '/site/icp', who.icp)
  await keys.date(page, '/site/opened', today)
  await keys.select(page, '/site/type', await firstType(page))
  await keys.text(page, '/site/domain', who.domain)
  await keys.text(page, '/site/url', `https://www.${who.domain}`)
  await form.field(page, '/site/addresses').getByRole('button', { name: '填入' }).waitFor()
  await keys.button(page, '填入')
  await keys.picture(page, '/site/domain_certificate')
  await keys.date(page, '/site/certificate_period', '2026-01-01', 0)
  await keys.date(page, '/site/certificate_period', '2028-01-01', 1)
  await keys.button(page, '查询网络接入服务商')
  await page.getByRole('dialog', { name: '网络接入服务商查询' }).waitFor()
  await keys.region(page, '#lookup-access-region', '余杭区', '余杭区')
  await keys.button(page, '查询')
  await page.getByRole('button', { name: /^选择 阿里云/ }).first().waitFor()
  await axe(page)
  await keys.button(page, '选择 阿里云')
  await page.getByRole('dialog', { name: '网络接入服务商查询' }).waitFor({ state: 'hidden' })
  await keys.region(page, at('/registrar/region', '.region-button'), '余杭区', '余杭区')
  await keys.text(page, '/registrar/name', '余杭域名有限公司')
  await keys.radio(page, '/service/interactive', '否')
  await keys.radio(page, '/controlled/goods', '否')
  await keys.radio(page, '/controlled/permit', '否')
  await axe(page)
  await keys.button(page, '下一步')
  await onStep(page, 3)
  for (const section of ['security_officer', 'emergency_contact']) {
    await keys.way(page, section, '同主体负责人信息')
    await page.waitForFunction((key) => document.querySelector(`[data-pointer="/${key}/name"] input`)?.value, section)
    await keys.radio(page, `/${section}/proof`, '文件认证')
    for (const key of ['id_front', 'id_back', 'id_held']) await keys.picture(page, `/${section}/${key}`)
  }
  await axe(page)
  await keys.button(page, '下一步')
  await onStep(page, 4)
  await axe(page)
  await keys.button(page, '提交')
  await page.waitForURL((url) => url.pathname === '/my/applications')
  await page.locator('tbody tr', { hasText: '新办网站' }).getByText('待审核').waitFor()
  await axe(page)

  const number = await keyOfficer(context, who)
  const stranger = await context.browser().newContext({ viewport: WIDE, locale: 'zh-CN' })
  const public_ = await stranger.newPage()
  await public_.goto(URL_ + '/register')
  await tabTo(public_, 'input[name=q]')
  await public_.keyboard.type(number)
  await press(public_, 'Enter')
  await public_.getByText(who.site_name).first().waitFor()
  await axe(public_)
  await stranger.close()
}, { seconds: 170 })

// The officer's part: from the login to the number.
async function keyOfficer(context, applicantPerson) {
  const own = await context.browser().newContext({ viewport: WIDE, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  const page = await own.newPage()
  const who = await freshPerson('officer', { unit_code: region })
  await page.goto(URL_ + '/review?kind=website')
  await page.getByRole('link', { name: '审核人员登录' }).waitFor()
  await keyIn(page, who, '审核人员登录')
  await page.getByRole('link', { name: applicantPerson.site_name }).waitFor()
  await axe(page)
  for (let i = 0; i < 60 && !(await here(page, '*', applicantPerson.site_name)); i++) await press(page, 'j')
  await press(page, 'c')
  const bar = page.getByRole('region', { name: '审核决定' })
  await bar.waitFor()
  await axe(page)
  for (let most = 80; most && (await page.getByRole('button', { name: '审核通过' }).isDisabled()); most--) {
    const before = await bar.locator('strong').textContent()
    await press(page, 'p')
    await page.waitForFunction((text) => document.querySelector('.decision strong')?.textContent !== text, before)
  }
  await press(page, 'a')
  await page.getByRole('dialog', { name: '审核通过' }).waitFor()
  await axe(page)
  await press(page, 'Enter')
  const said = page.locator('.last')
  await said.waitFor()
  const [number] = (await said.textContent()).match(NUMBER)
  await own.close()
  return number
}

// ---- every date is Asia/Shanghai's

const dayOf = (ms) => new Date(ms + 8 * 3600_000).toISOString().slice(0, 10) // of Shanghai
const realDay = Date.parse(dayOf(Date.now()) + 'T00:00:00+08:00')
const late = realDay + 86_400_000 + 23.5 * 3600_000 // tomorrow, 23:30
const early = late + 40 * 60_000 // 00:10 of the day after
const setClock = (ms) => moveClock(Math.round((ms - Date.now()) / 1000))

for (const [hour, moment, when, next] of [['23:30', late, dayOf(late), dayOf(late + 86_400_000)], ['00:10', early, dayOf(early), dayOf(early + 86_400_000)]])
  await test(`at ${hour} in Shanghai every date is Shanghai's, with the server in New York and the browser on Kiritimati`, async ({ page, context }) => {
    await setClock(moment)
    try {
      assert.notEqual(await page.evaluate(() => new Date().getTimezoneOffset()), -480)
      const who = await applicant(page, 'person', '/home')
      const entity = await submit(page, await draft(page, { kind: 'entity', action: 'create', values: await entityValues(page, who, 'person') }))
      const me = (await api(page, 'GET', '/me')).body
      const values = await websiteValues(page, who, { site: { opened: undefined } })
      const id = await draft(page, { kind: 'website', action: 'create', entity: me.entities[0].id, values })
      assert.ok(entity.submitted.startsWith(`${when}T${hour.slice(0, 4)}`), entity.submitted)

      await page.goto(`${URL_}/draft/${id}?step=2`)
      const opened = form.field(page, '/site/opened')
      await form.date(page, '/site/opened', next)
      assert.notEqual(await opened.locator('input').inputValue(), next, 'tomorrow cannot be chosen, though it has begun elsewhere')
      await form.date(page, '/site/opened', when)
      assert.equal(await opened.locator('input').inputValue(), when, 'today can, though it has not begun elsewhere')
      await page.getByText(new RegExp(`已保存 ${hour.slice(0, 4)}\\d`)).first().waitFor()
      assert.equal((await api(page, 'GET', `/drafts/${id}`)).body.values.site.opened, when)
      const late = await api(page, 'POST', `/drafts/${await draft(page, { kind: 'website', action: 'create', entity: me.entities[0].id, values: { site: { opened: next } } })}/check`, { step: 'basics' })
      assert.ok(late.body.errors.some((one) => one.pointer === '/site/opened'), JSON.stringify(late.body.errors))
      await page.goto(URL_ + '/my/drafts')
      await page.locator('tbody tr', { hasText: `${when} ${hour.slice(0, 4)}` }).first().waitFor()

      const site = await submit(page, id)
      await page.goto(URL_ + '/my/applications')
      const row = page.locator('tbody tr', { hasText: '新办网站' })
      await row.getByText(new RegExp(`${when}( ${hour.slice(0, 4)}\\d)?`)).first().waitFor()
      await page.goto(`${URL_}/application/${site.id}`)
      await page.getByText(new RegExp(`申请时间 ${when} ${hour.slice(0, 4)}\\d`)).waitFor()
      await page.locator('.timeline').getByText(new RegExp(`${when} ${hour.slice(0, 4)}\\d`)).first().waitFor()
      await page.getByText(/还剩 (30|29) 分钟可撤销/).first().waitFor()

      const desk = await officer(context)
      await desk.page.goto(`${URL_}/review/${site.id}`)
      await desk.page.getByText(new RegExp(`${when} ${hour.slice(0, 4)}\\d`)).first().waitFor()
      const { number } = await decide(desk, site.id, 'pass', { with_entity: true })
      await desk.close()
      await page.goto(`${URL_}/register?q=${encodeURIComponent(number)}`)
      const facts = (await page.locator('main').innerText()).replace(/\s+/g, ' ')
      assert.ok(facts.includes(`联网备案时间 ${when}`), facts)
      assert.ok(facts.includes(`查询时间 ${when} ${hour.slice(0, 4)}`), facts)
    } finally {
      await moveClock(0)
    }
  }, { timezone: 'Pacific/Kiritimati' })

await finish()
await world.stop()
