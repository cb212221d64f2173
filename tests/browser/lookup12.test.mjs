// The look-up of access providers with more than one page (manual 5.2.1): twelve made-up providers in 东城区, by a list of the test's own.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../runner/world.mjs'
import { ownWorld } from './lib/own.mjs'

const folder = mkdtempSync(join(tmpdir(), 'beian-lists-'))
const shipped = JSON.parse(readFileSync(join(root, 'forms/providers.json'), 'utf8'))
const names = Array.from({ length: 12 }, (_, at) => `东城云计算${'甲乙丙丁戊己庚辛壬癸子丑'[at]}有限公司`)
const ours = names.map((name, at) => ({ id: `dongcheng-${at + 1}`, role: 'access', name, region: '110101', source: 'made up' }))
const others = [
  { id: 'dongcheng-other', role: 'access', name: '别的接入有限公司', region: '110101', source: 'made up' },
  { id: 'dongcheng-registrar', role: 'registrar', name: '东城云计算注册有限公司', region: '110101', source: 'made up' },
  { id: 'xicheng-1', role: 'access', name: '东城云计算西城有限公司', region: '110102', source: 'made up' }
]
writeFileSync(join(folder, 'providers.json'), JSON.stringify({ ...shipped, items: [...shipped.items, ...ours, ...others] }))
const world = await ownWorld({ env: { BEIAN_FORMS: folder } })
const { test, finish, axe, noSidewaysScroll, PHONE, URL_ } = await import('./lib/browser.mjs')
const form = await import('./lib/form.mjs')
const { draft, websiteValues, withEntity, DONGCHENG_NAMES } = await import('./lib/setup.mjs')

// The look-up, open on the second step, asked for 东城云计算 in 东城区.
async function asked(page) {
  const { who, entity } = await withEntity(page)
  const values = await websiteValues(page, who, { access: { region: undefined, name: undefined } })
  const id = await draft(page, { kind: 'website', action: 'create', entity, values })
  await page.goto(`${URL_}/draft/${id}?step=2`)
  await page.getByRole('button', { name: '查询网络接入服务商' }).click()
  const dialog = page.getByRole('dialog', { name: '网络接入服务商查询' })
  await dialog.getByRole('textbox', { name: '名称' }).fill('东城云计算')
  await dialog.locator('.region-button').click()
  for (const part of DONGCHENG_NAMES) await dialog.locator('.region-row', { hasText: new RegExp(`^\\s*${part}\\s*$`) }).first().click()
  await dialog.getByRole('button', { name: '查询', exact: true }).click()
  await dialog.locator('tbody tr').first().waitFor()
  return dialog
}
const cells = async (row) => (await row.locator('th, td').allTextContents()).map((text) => text.trim())
const shown = async (dialog) => Promise.all((await dialog.locator('tbody tr').all()).map(cells))

await test('[5.2.1-12] a match has 序号 所属省 所属市 所属区 and the operation 选择', async ({ page }) => {
  const dialog = await asked(page)
  assert.deepEqual((await dialog.locator('thead th').allTextContents()).map((text) => text.trim()), ['序号', '所属省', '所属市', '所属区', '名称', '操作'])
  const rows = await shown(dialog)
  rows.forEach((row, at) => assert.deepEqual([...row.slice(0, 4), row[5]], [String(at + 1), '北京市', '市辖区', '东城区', '选择'], row.join(' ')))
  await axe(page)
  await dialog.getByRole('button', { name: `选择 ${rows[3][4]}` }).click()
  await dialog.waitFor({ state: 'hidden' })
  assert.equal(await form.field(page, '/access/name').locator('input').inputValue(), rows[3][4])
  assert.match(await form.field(page, '/access/region').textContent(), /北京市 \/ 市辖区 \/ 东城区/)
})

await test('[5.2.1-13] twelve matches: ten on the first page, the total of 12, two on the second', async ({ page }) => {
  const dialog = await asked(page)
  await dialog.getByText('共 12 条数据').waitFor()
  const first = await shown(dialog)
  assert.equal(first.length, 10)
  const pager = dialog.getByRole('navigation', { name: '分页' })
  await pager.getByText('10 条/页').waitFor()
  assert.equal(await pager.getByRole('button', { name: /^第 \d+ 页$/ }).count(), 2)
  await pager.getByRole('button', { name: '第 2 页' }).click()
  await dialog.locator('tbody tr').nth(2).waitFor({ state: 'detached' })
  const second = await shown(dialog)
  assert.deepEqual(second.map((row) => row[0]), ['11', '12'])
  assert.deepEqual([...first, ...second].map((row) => row[4]).sort(), [...names].sort())
  assert.equal(await pager.locator('[aria-current=page]').textContent(), '2')
  assert.ok(await pager.getByRole('button', { name: '下一页' }).first().isDisabled())
  await dialog.getByText('共 12 条数据').waitFor()
  await axe(page)
  await pager.getByRole('textbox', { name: '跳至第几页' }).fill('1')
  await page.keyboard.press('Enter')
  await dialog.locator('tbody tr').nth(9).waitFor()
})

await test('the same on a phone: cards, 上一页 and 下一页', async ({ page }) => {
  const dialog = await asked(page)
  await dialog.getByText('共 12 条数据').waitFor()
  await noSidewaysScroll(page)
  await dialog.getByRole('button', { name: '下一页' }).last().click()
  await dialog.locator('tbody tr').nth(2).waitFor({ state: 'detached' })
  assert.equal(await dialog.locator('tbody tr').count(), 2)
  await noSidewaysScroll(page)
  await axe(page)
  await dialog.getByRole('button', { name: /^选择 / }).last().click()
  assert.match(await form.field(page, '/access/name').locator('input').inputValue(), /^东城云计算/)
}, { viewport: PHONE })

await finish()
await world.stop()
rmSync(folder, { recursive: true })
