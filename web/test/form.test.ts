import { describe, expect, it } from 'vitest'
import { checkValue, emptyText } from '@/form/check'
import type { Definition, Field, Values } from '@/form/definition'
import { indexRegions, regionText } from '@/form/forms'
import { join, read, split, within, write } from '@/form/pointer'
import { show } from '@/form/show'
import { isEmpty, labelOf, missingDefaults, openWays, shownFields, visible } from '@/form/walk'
import { holds } from '@/form/when'

const tea: Definition = {
  kind: 'tea', version: 1, title: '茶', subject: 'filing', actions: { create: '新办茶' },
  steps: [{ key: 'one', title: '茶叶', sections: [
    { key: 'leaf', title: '茶叶', fields: [
      { key: 'colour', label: '颜色', type: 'choice', required: true, choices: 'colours' },
      { key: 'age', label: '年份', type: 'number', when: { colour: 'dark' }, required: true },
      { key: 'storage', label: '仓储', type: 'text', when: { age: 10 } },
      { key: 'scent', label: '香气', type: 'choices', enabled_when: { colour: 'green' }, default: ['flower'] }] },
    { key: 'pots', title: '茶壶', when: { any: [{ 'leaf.colour': 'dark' }, { 'leaf.colour': 'red' }] },
      ways: { key: 'fill', look: 'radio', default: 'self', choices: [
        { value: 'account', title: '同账号', from: 'account', for: 'legal' }, { value: 'self', title: '自填' }] },
      fields: [{ key: 'rows', label: '壶', type: 'group', repeat: { min: 1 }, fields: [
        { key: 'clay', label: '泥料', type: 'text', required: true },
        { key: 'other', label: '其他泥料', type: 'text', when: { clay: 'other' } }] }] }] }],
}

describe('pointers', () => {
  it('read and write any depth', () => {
    const values: Values = {}
    write(values, '/pots/rows/1/clay', 'zisha')
    expect(Array.isArray((values.pots as Record<string, unknown>).rows)).toBe(true)
    expect(read(values, '/pots/rows/1/clay')).toBe('zisha')
    write(values, '/pots/rows/1/clay', undefined)
    expect(read(values, '/pots/rows/1/clay')).toBeUndefined()
    expect(read(values, '/nothing/at/all')).toBeUndefined()
  })
  it('escape and contain', () => {
    expect(split(join('a/b', 'c~d', 2))).toEqual(['a/b', 'c~d', '2'])
    expect(within('/a/b/0', '/a/b')).toBe(true)
    expect(within('/a/bc', '/a/b')).toBe(false)
  })
})

describe('conditions', () => {
  const scope = { values: { leaf: { colour: 'green', scent: ['a', 'b'] } }, section: { colour: 'green', scent: ['a', 'b'] } }
  it('hold for one value, a list, a chosen list, another section and any', () => {
    expect(holds({ colour: 'green' }, scope)).toBe(true)
    expect(holds({ 'leaf.colour': ['red', 'green'] }, scope)).toBe(true)
    expect(holds({ scent: 'b' }, scope)).toBe(true)
    expect(holds({ any: [{ colour: 'red' }, { scent: 'a' }] }, scope)).toBe(true)
    expect(holds({ colour: 'green', scent: 'c' }, scope)).toBe(false)
    expect(holds(undefined, scope)).toBe(true)
  })
  it('take a hidden value for an empty one', () => {
    const kept = visible(tea, { leaf: { colour: 'green', age: 10, storage: '干仓' }, pots: { rows: [{ clay: 'a' }] } })
    expect(kept).toEqual({ leaf: { colour: 'green' } })
  })
  it('look into the row of a group', () => {
    const kept = visible(tea, { leaf: { colour: 'dark' }, pots: { fill: 'self', rows: [{ clay: 'other', other: 'x' }, { clay: 'a', other: 'y' }] } })
    expect(kept.pots).toEqual({ fill: 'self', rows: [{ clay: 'other', other: 'x' }, { clay: 'a' }] })
  })
})

describe('walking', () => {
  it('meets the fields that show, rows included, in order', () => {
    const values = visible(tea, { leaf: { colour: 'dark' }, pots: { rows: [{ clay: 'other' }] } })
    expect(shownFields(tea, values).map((seat) => seat.pointer)).toEqual(['/leaf/colour', '/leaf/age', '/leaf/scent', '/pots/rows', '/pots/rows/0/clay', '/pots/rows/0/other'])
  })
  it('finds the defaults that are missing', () => {
    expect([...missingDefaults(tea, { leaf: { colour: 'red' } }, 'legal')]).toEqual([['/pots/fill', 'self'], ['/leaf/scent', ['flower']]])
    expect(missingDefaults(tea, { leaf: { colour: 'green', scent: [] } }, 'legal').size).toBe(0)
  })
  it('opens a way only for its kind of account', () => {
    const section = tea.steps[0].sections![1]
    const scope = { values: {}, section: {} }
    expect(openWays(section, scope, 'person').map((way) => way.value)).toEqual(['self'])
    expect(openWays(section, scope, 'legal').map((way) => way.value)).toEqual(['account', 'self'])
  })
  it('labels by the document type', () => {
    const field: Field = { key: 'front', label: '正面', type: 'picture', labels: { by: 'type', is: { id: '人像面' }, else: '证件正面' } }
    expect(labelOf(field, { values: {}, section: { type: 'id' } })).toBe('人像面')
    expect(labelOf(field, { values: {}, section: {} })).toBe('证件正面')
  })
  it('knows what is empty', () => {
    for (const value of [undefined, null, '', [], [''], {}, { from: '' }]) expect(isEmpty(value)).toBe(true)
    for (const value of [0, false, 'a', ['a'], { from: 'a' }]) expect(isEmpty(value)).toBe(false)
  })
})

describe('light checks', () => {
  const text = (more: Partial<Field>): Field => ({ key: 'x', label: '甲', type: 'text', ...more })
  it('say how many digits were typed and show an example', () => {
    expect(checkValue(text({ format: 'mobile' }), '1380000000', '甲')).toBe('应为 11 位手机号码，您填写了 10 位。例如 186xxxxxxxx')
    expect(checkValue(text({ format: 'mobile' }), '+86 138-0000-0000', '甲')).toBeNull()
  })
  it('use the document type, and leave masks and unknown types to the server', () => {
    const field = text({ format: 'person-document', format_of: 't' })
    expect(checkValue(field, '12345', '甲', 'resident-id')).toContain('您填写了 5 位')
    expect(checkValue(field, '110*****61', '甲', 'resident-id')).toBeNull()
    expect(checkValue(field, '12345', '甲', 'passport')).toBeNull()
  })
  it('count people\'s characters, not code units', () => {
    expect(checkValue(text({ max: 2 }), '𠮷𠮷', '甲')).toBeNull()
    expect(checkValue(text({ max: 2 }), '𠮷𠮷𠮷', '甲')).toBe('最多 2 个字，您填写了 3 个')
  })
  it('ask for what is missing by kind', () => {
    expect(emptyText(text({}), '甲')).toBe('请输入甲')
    expect(emptyText(text({ type: 'region' }), '甲')).toBe('请选择甲')
    expect(emptyText(text({ type: 'picture' }), '甲')).toBe('请上传甲')
  })
})

describe('showing values', () => {
  const regions = indexRegions([['110000', '北京市', [['110100', '市辖区', [['110101', '东城区']]]]]])
  const lists = { colours: [{ value: 'green', label: '绿' }, { value: 'red', label: '红' }] }
  const of = (type: string, value: unknown) => show({ key: 'x', label: '甲', type, choices: 'colours' }, value, lists, regions)
  it('by type', () => {
    expect(of('choices', ['green', 'red'])).toBe('绿、红')
    expect(of('region', '110101')).toBe('北京市 / 市辖区 / 东城区')
    expect(of('term', '9999-12-31')).toBe('9999-12-31（长期有效）')
    expect(of('period', { from: '2026-01-01', to: '2027-01-01' })).toBe('2026-01-01 至 2027-01-01')
    expect(of('text', undefined)).toBe('未填写')
    expect(regionText(regions, '000000')).toBe('000000')
  })
})
