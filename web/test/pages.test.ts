import { describe, expect, it } from 'vitest'
import type { FormItem } from '@/api/types'
import { query } from '@/api/client'
import { groupsOf, mineOf } from '@/shell/menu'
import { clock, day, dayTime, daysLeft, minutesLeft } from '@/time'
import { refusal, sizeText } from '@/upload/upload'

describe('times are Shanghai\'s', () => {
  it('on both sides of midnight, whatever the zone of the computer', () => {
    expect(dayTime('2026-11-24T23:30:00+08:00')).toBe('2026-11-24 23:30')
    expect(dayTime('2026-11-24T16:10:00Z')).toBe('2026-11-25 00:10')
    expect(clock('2026-11-24T00:00:00+08:00')).toBe('00:00')
    expect(day('2026-11-24')).toBe('2026-11-24')
    expect(day(null)).toBe('')
  })
  it('count down without going below nothing', () => {
    const at = new Date('2026-11-24T10:00:30+08:00')
    expect(minutesLeft('2026-11-24T10:30:00+08:00', at)).toBe(30)
    expect(minutesLeft('2026-11-24T10:00:00+08:00', at)).toBe(0)
    expect(daysLeft('2026-12-24T10:00:00+08:00', at)).toBe(30)
  })
})

describe('the menu', () => {
  const forms: FormItem[] = [
    { kind: 'owner', title: '主', subject: 'entity', actions: {}, menu: { title: '开办主体管理', entries: [{ action: 'create', title: '新增主体' }, { action: 'change', title: '变更主体' }] } },
    { kind: 'tea', title: '茶', subject: 'filing', actions: {}, menu: { title: '茶业务', entries: [{ action: 'create', title: '新办茶申请' }] } },
  ]
  it('keeps the manual\'s order and opens what a definition brings', () => {
    const groups = groupsOf(forms)
    expect(groups.map((group) => group.title).slice(0, 3)).toEqual(['开办主体管理', '网站业务', 'APP业务'])
    expect(groups[0].items.map((item) => item.title)).toEqual(['新增主体', '变更主体', '注销主体', '移交主体', '接收主体'])
    expect(groups[0].items[0].to).toBe('/entity/new')
  })
  it('gives a business that the manual does not have its own group and list', () => {
    const last = groupsOf(forms).pop()!
    expect(last).toMatchObject({ title: '茶业务', items: [{ title: '新办茶申请', to: '/filing/tea/new' }] })
    expect(mineOf(forms).items.map((item) => item.to)).toContain('/my/filings/tea')
  })
})

describe('uploads', () => {
  const limit = 5 * 1024 * 1024
  const both = ['image/png', 'image/jpeg']
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])
  it('go by the bytes, not by the name', async () => {
    expect(await refusal(new Blob([png]), 'a.txt', limit, both)).toBeNull()
    expect((await refusal(new Blob(['hello, world']), 'a.png', limit, both))?.text).toContain('支持png,jpeg,jpg格式')
    expect((await refusal(new Blob(['\0\0\0\x18ftypheic']), 'a.heic', limit, both))?.text).toContain('heic')
  })
  it('refuse a byte too many and offer to shrink', async () => {
    const large = await refusal(new Blob([png, new Uint8Array(limit + 1 - png.length)]), 'a.png', limit, both)
    expect(large).toMatchObject({ large: true })
    expect(large?.text).toContain('5.01 MB')
    expect(await refusal(new Blob([png, new Uint8Array(limit - png.length)]), 'a.png', limit, both)).toBeNull()
    expect(sizeText(2048)).toBe('2 KB')
  })
})

it('queries leave out what is not set', () => {
  expect(query({ a: 'b', c: '', d: undefined, e: 0 })).toBe('?a=b&e=0')
  expect(query({ a: null })).toBe('')
})
