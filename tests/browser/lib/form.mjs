// Filling a form as a person does: by the field's place (data-pointer), each type with its own widget.
import { deflateSync } from 'node:zlib'

export const field = (page, pointer) => page.locator(`[data-pointer="${pointer}"]`)
export const errorOf = (page, pointer) => field(page, pointer).locator('.field-error:not(.doubt)').first()

const crcTable = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1
  return n
})
function crc32(data) {
  let c = ~0
  for (const byte of data) c = crcTable[(c ^ byte) & 255] ^ (c >>> 8)
  return ~c >>> 0
}
const chunk = (name, data) => {
  const body = Buffer.concat([Buffer.from(name), data])
  const out = Buffer.alloc(8 + body.length)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body) >>> 0, 4 + body.length)
  return out
}
// A real picture: stripes on a light ground; `noise` bytes of random rows make it as large as wanted.
export function png(width = 900, height = 600, seed = 1) {
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const dark = (Math.floor(y / 24) + seed) % 3 === 0 && x > 60 && x < width - 60 && y % 24 < 8
      rows.fill(dark ? 0x30 : 0xd8 + ((x * seed) % 32), y * (width * 3 + 1) + 1 + x * 3, y * (width * 3 + 1) + 4 + x * 3)
    }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}
// A PNG padded to exactly `size` bytes by an ancillary chunk.
export function pngOfSize(size) {
  const base = png(600, 400)
  const pad = chunk('tEXt', Buffer.alloc(size - base.length - 12, 0x61))
  return Buffer.concat([base.subarray(0, 33), pad, base.subarray(33)])
}

export async function type(page, pointer, value) {
  const input = field(page, pointer).locator('input:not([type=file]):not([type=checkbox]):not([type=radio]), textarea').first()
  await input.fill(value)
  await input.blur()
}
export async function select(page, pointer, label) {
  await field(page, pointer).locator('.el-select__wrapper').click()
  await page.locator('.el-select-dropdown:visible .el-select-dropdown__item', { hasText: new RegExp(`^\\s*${label}\\s*$`) }).click()
}
export async function optionsOf(page, pointer) {
  await page.locator('.el-select-dropdown:visible').first().waitFor({ state: 'hidden' }) // that of a choice just made
  await field(page, pointer).locator('.el-select__wrapper').click()
  await page.locator('.el-select-dropdown:visible .el-select-dropdown__item').first().waitFor()
  const all = (await page.locator('.el-select-dropdown:visible .el-select-dropdown__item').allTextContents()).map((t) => t.trim())
  await page.keyboard.press('Escape')
  return all
}
export const radio = (page, pointer, label) => field(page, pointer).locator('label', { hasText: new RegExp(`^\\s*${label}\\s*$`) }).click()
export const way = (page, section, label) => page.locator(`section[aria-labelledby="section-${section}"] .ways label`, { hasText: label }).locator('input').check()
export async function region(page, pointer, names) {
  const box = field(page, pointer)
  await box.locator('.region-button').click()
  const panel = box.locator('dialog[open]')
  for (const name of names) await panel.locator('.region-row', { hasText: new RegExp(`^\\s*${name}\\s*$`) }).first().click()
}
export async function date(page, pointer, value, index = 0) {
  const input = field(page, pointer).locator('.date input').nth(index)
  await input.fill(value)
  await input.press('Enter')
  await page.keyboard.press('Escape')
}
export const longTerm = (page, pointer) => field(page, pointer).locator('input[type=checkbox]').check()
export async function upload(page, pointer, data = png(), name = '照片.png', mimeType = 'image/png') {
  await field(page, pointer).locator('input[type=file]').first().setInputFiles({ name, mimeType, buffer: data })
  await field(page, pointer).locator('.upload.done').waitFor()
}
export async function clear(page, pointer) {
  await type(page, pointer, '')
}

export const saved = (page) => page.getByText(/已保存 \d\d:\d\d/).first().waitFor()
