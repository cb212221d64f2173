// The pictures of the documentation. Always looks at the pages; writes docs/screenshots only with BEIAN_SCREENSHOTS=1.
import assert from 'node:assert/strict'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../runner/world.mjs'
import { test, finish, axe, noSidewaysScroll, URL_ } from './lib/browser.mjs'
import * as form from './lib/form.mjs'
import { applicant, decide, draft, entityValues, officer, websiteValues, withEntity, withWebsite } from './lib/setup.mjs'

const folder = join(root, 'docs/screenshots')
const limit = 250 * 1024

async function picture(page, name, height) {
  await page.waitForFunction(() => [...document.images].every((image) => image.complete))
  await noSidewaysScroll(page)
  await axe(page)
  if (process.env.BEIAN_SCREENSHOTS !== '1') return
  mkdirSync(folder, { recursive: true })
  await page.setViewportSize({ width: 1440, height })
  await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0) })
  const path = join(folder, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
  assert.ok(statSync(path).size <= limit, `${name}.png has ${statSync(path).size} bytes`)
}

await test('the entity form, filled, stands as in the documentation', async ({ page }) => {
  const who = await applicant(page, 'legal', '/business')
  const values = await entityValues(page, who)
  values.responsible.phone = '010-65981234'
  const id = await draft(page, { kind: 'entity', action: 'create', values })
  await page.goto(`${URL_}/draft/${id}`)
  await form.field(page, '/responsible/id_held').locator('.upload.done').waitFor()
  await form.saved(page)
  await picture(page, 'entity', 1500)
})

await test('the second step of the website stands as in the documentation', async ({ page }) => {
  const { who, entity } = await withEntity(page)
  const id = await draft(page, { kind: 'website', action: 'create', entity, values: await websiteValues(page, who) })
  await page.goto(`${URL_}/draft/${id}?step=2`)
  await form.field(page, '/site/domain_certificate').locator('.upload.done').waitFor()
  await form.field(page, '/site/addresses').getByRole('button', { name: '填入' }).click()
  await page.getByText(/当前解析结果一致/).waitFor()
  await form.saved(page)
  await picture(page, 'website', 1400)
})

await test('the desk of an officer stands as in the documentation', async ({ page, context }) => {
  const { website } = await withWebsite(page)
  const desk = await officer(context)
  await desk.page.goto(`${URL_}/review/${website.id}`)
  await desk.page.getByRole('button', { name: '受理', exact: true }).click()
  await desk.page.getByRole('region', { name: '审核决定' }).waitFor()
  await desk.page.keyboard.press('p')
  await desk.page.keyboard.press('p')
  await desk.page.locator('.stage img').waitFor()
  await picture(desk.page, 'review', 900)
  await desk.close()
})

await test('the public look-up stands as in the documentation', async ({ page, context }) => {
  const { who, website } = await withWebsite(page)
  const desk = await officer(context)
  const { number } = await decide(desk, website.id, 'pass', { with_entity: true })
  await desk.close()
  await context.clearCookies()
  await page.goto(`${URL_}/register?q=${encodeURIComponent(number)}`)
  for (const text of [number, who.site_name, who.domain]) await page.getByText(text).first().waitFor()
  await picture(page, 'register', 1100)
})

await finish()
