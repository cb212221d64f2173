import { describe, expect, it } from 'vitest'
import { merge } from '@/draft/merge'

const base = { a: { x: '1', y: '1', z: ['1'] } }

describe('merging two pages', () => {
  it('takes what only one of them changed', () => {
    const { merged, conflicts } = merge(base, { a: { x: '2', y: '1', z: ['1'] } }, { a: { x: '1', y: '3', z: ['1'] }, b: { n: '4' } })
    expect(merged).toEqual({ a: { x: '2', y: '3', z: ['1'] }, b: { n: '4' } })
    expect(conflicts).toEqual([])
  })
  it('asks where both changed the same field differently', () => {
    const { merged, conflicts } = merge(base, { a: { x: '2', y: '1', z: ['1', '2'] } }, { a: { x: '3', y: '1', z: ['1', '3'] } })
    expect(conflicts.map((each) => each.pointer)).toEqual(['/a/x', '/a/z'])
    expect(merged.a.x).toBe('2')
  })
  it('does not ask when both say the same', () => {
    expect(merge(base, { a: { x: '2', y: '1', z: ['1'] } }, { a: { x: '2', y: '1', z: ['1'] } }).conflicts).toEqual([])
  })
  it('keeps what was removed here removed', () => {
    const { merged } = merge(base, { a: { x: '1', z: ['1'] } }, { a: { x: '5', y: '1', z: ['1'] } })
    expect(merged).toEqual({ a: { x: '5', z: ['1'] } })
  })
})
