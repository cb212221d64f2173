import { describe, expect, it } from 'vitest'
import type { Definition } from '@/form/definition'
import { inOrder, withoutExample } from '@/form/problems'

const definition = { title: '新增主体', steps: [{ key: 'one', title: '', sections: [
  { key: 'unit', title: '主办单位信息', fields: [{ key: 'name', label: '名称', type: 'text' }, { key: 'phones', label: '电话', type: 'text', repeat: true }] },
  { key: 'responsible', title: '负责人信息', fields: [{ key: 'id_no', label: '证件号码', type: 'text' }, { key: 'mobile', label: '手机', type: 'text' }] },
] }] } as unknown as Definition
const wrong = (pointer: string) => ({ pointer, code: 'required', detail: '' })

describe('the summary of what is wrong', () => {
  it('follows the page, whoever found what', () => {
    const order = inOrder(definition, {}, null, ['/responsible/mobile', '/unit/phones/1', '/responsible/id_no', '/responsible', '/unit/name'].map(wrong))
    expect(order.map((each) => each.pointer)).toEqual(['/unit/name', '/unit/phones/1', '/responsible', '/responsible/id_no', '/responsible/mobile'])
  })
  it('leaves examples out without breaking the sentence', () => {
    expect(withoutExample('@ 后面应为完整的域名，例如 name@example.com')).toBe('@ 后面应为完整的域名')
    expect(withoutExample('应为 11 位手机号码，您填写了 3 位。例如 186xxxxxxxx')).toBe('应为 11 位手机号码，您填写了 3 位')
    expect(withoutExample('应为区号-固定电话号码，如: 010-xxxxxxxx,021-xxxxxxxx')).toBe('应为区号-固定电话号码')
    expect(withoutExample('网站备案号一般带序号，例如 京ICP备2026031728号-1，请核对')).toBe('网站备案号一般带序号，请核对')
    expect(withoutExample('请选择子类型')).toBe('请选择子类型')
  })
})
