import { describe, expect, it } from 'vitest'
import type { Definition } from '@/form/definition'
import { blocked } from '@/review/acts'
import { ageTone, ageWords } from '@/review/age'
import { condensed, countOf, itemsOf, nextOf, pictureFor, picturesOf, reasonsFor, reasonsOf, shortText, type Judgements } from '@/review/judge'
import { wanted, type Key } from '@/review/keys'
import { moved, still, transformOf, turned, zoomed } from '@/review/zoom'

const definition = {
  kind: 'thing', version: 1, title: '事项', subject: 'filing', actions: {},
  steps: [
    { key: 'one', title: '第一步', sections: [
      { key: 'site', title: '网站信息', fields: [
        { key: 'name', label: '名称', type: 'text', required: true },
        { key: 'value', label: '市值', type: 'number' },
        { key: 'permit', label: '许可', type: 'choice' },
        { key: 'proofs', label: '证明', type: 'group', when: { permit: 'yes' }, fields: [
          { key: 'title', label: '证明名称', type: 'text' }, { key: 'scan', label: '扫描件', type: 'picture' }] },
        { key: 'certificate', label: '域名证书', type: 'picture' }] }] },
    { key: 'two', title: '第二步', sections: [{ key: 'person', title: '负责人', fields: [{ key: 'name', label: '姓名', type: 'text' }, { key: 'front', label: '正面', type: 'picture' }] }] },
  ],
} as unknown as Definition
const values = {
  site: { name: '甲', permit: 'yes', proofs: [{ title: '许可证', scan: 'p1' }, { title: '批文', scan: 'p2' }], certificate: 'c1' },
  person: { name: '乙', front: 'f1' },
}
const items = itemsOf(definition, values)
const pointers = (list: { pointer: string }[]) => list.map((each) => each.pointer)

describe('what is judged', () => {
  it('is every shown field, groups row by row', () => {
    expect(pointers(items)).toEqual(['/site/name', '/site/value', '/site/permit', '/site/proofs/0/title', '/site/proofs/0/scan', '/site/proofs/1/title', '/site/proofs/1/scan', '/site/certificate', '/person/name', '/person/front'])
    expect(items[5].label).toBe('证明 2 证明名称')
    expect(items[8].step).toBe('two')
  })
  it('leaves out what its condition hides; an empty shown group is one item', () => {
    expect(pointers(itemsOf(definition, { site: { permit: 'no', proofs: [{ title: 'x' }] } }))).not.toContain('/site/proofs/0/title')
    expect(pointers(itemsOf(definition, { site: { permit: 'yes' } }))).toContain('/site/proofs')
  })
  it('counts empty fields only when they need mending', () => {
    const judgements: Judgements = {}
    expect(countOf(items, judgements)).toEqual({ total: 9, judged: 0, mend: 0, unexplained: 0 })
    judgements['/site/value'] = { verdict: 'mend', codes: [], text: ' ' }
    judgements['/site/name'] = { verdict: 'pass', codes: ['old'], text: '' }
    expect(countOf(items, judgements)).toEqual({ total: 10, judged: 2, mend: 1, unexplained: 1 })
  })
})

describe('a verdict is possible', () => {
  const count = { total: 3, judged: 3, mend: 0, unexplained: 0 }
  it('by what was judged', () => {
    expect(blocked('pass', count)).toBe('')
    expect(blocked('pass', { ...count, judged: 1 })).toBe('还有 2 项未核对')
    expect(blocked('pass', { ...count, mend: 1 })).toBe('有 1 项需补正，不能通过')
    expect(blocked('return', count)).toContain('需补正')
    expect(blocked('return', { ...count, mend: 1, unexplained: 1 })).toBe('有 1 项没有写明补正原因')
    expect(blocked('return', { ...count, judged: 1, mend: 1 })).toBe('')
    expect(blocked('refuse', { ...count, judged: 0 })).toBe('')
  })
})

describe('reasons', () => {
  const catalogue = [
    { code: 'unclear', text: '图片不清晰，请重新上传。', fields: ['/site/certificate', '/site/proofs'] }, { code: 'site', text: '网站信息有误。', fields: ['/site'] },
    { code: 'near', text: '名字相近', fields: ['/site/na'] }, { code: 'other', text: '其他问题，请按说明修改。', fields: [''] },
  ]
  it('fit by whole parts of the pointer, without the catch-all', () => {
    expect(reasonsFor(catalogue, '/site/proofs/1/scan').map((each) => each.code)).toEqual(['unclear', 'site'])
    expect(reasonsFor(catalogue, '/site/name').map((each) => each.code)).toEqual(['site'])
    expect(reasonsFor(catalogue, '/person/name')).toEqual([])
  })
  it('go out in the order of the form, own words by the catch-all', () => {
    const judgements: Judgements = {
      '/person/name': { verdict: 'mend', codes: [], text: ' 请用全名 ' }, '/site/certificate': { verdict: 'mend', codes: ['unclear'], text: '看不清' }, '/site/name': { verdict: 'pass', codes: ['site'], text: '改' },
    }
    expect(reasonsOf(items, judgements, catalogue)).toEqual([
      { pointer: '/site/certificate', code: 'unclear', text: '图片不清晰，请重新上传。' }, { pointer: '/site/certificate', code: 'other', text: '看不清' },
      { pointer: '/person/name', code: 'other', text: '请用全名' }])
  })
  it('have a short form for buttons', () => expect(shortText('图片不清晰，请重新上传。')).toBe('图片不清晰'))
})

describe('pictures', () => {
  const files = { p1: {}, p2: {}, c1: {}, f1: {}, old: {} }
  const pictures = picturesOf(items, files, [{ pointer: '/site/certificate', label: '', before: 'old', after: 'c1' }])
  it('stand in the order of the form, a changed one with its last version', () => {
    expect(pictures.map((each) => each.id)).toEqual(['p1', 'p2', 'c1', 'old', 'f1'])
    expect(pictures[3].label).toBe('网站信息 · 域名证书（上一版）')
  })
  it('follow the field: its own, its row\'s, its section\'s; the shown one stays when it fits', () => {
    expect(pictureFor(pictures, '/site/certificate', null)).toBe('/site/certificate#c1')
    expect(pictureFor(pictures, '/site/proofs/1/title', null)).toBe('/site/proofs/1/scan#p2')
    expect(pictureFor(pictures, '/site/name', '/site/certificate#c1')).toBe('/site/certificate#c1')
    expect(pictureFor(pictures, '/person/name', '/site/certificate#c1')).toBe('/person/front#f1')
    expect(pictureFor(pictures, '/elsewhere/name', 'stays')).toBe('stays')
  })
  it('one file at two fields is two pictures', () => {
    const twice = picturesOf(itemsOf(definition, { site: { certificate: 'f1' }, person: { front: 'f1' } }), files)
    expect(twice.map((each) => each.key)).toEqual(['/site/certificate#f1', '/person/front#f1'])
  })
})

describe('zoom', () => {
  it('keeps the point under the wheel, has bounds, and goes home at 100 %', () => {
    const pose = zoomed(still, 2, 100, 50)
    expect(pose).toMatchObject({ scale: 2, x: -100, y: -50 })
    expect(zoomed(pose, 100).scale).toBe(8)
    expect(zoomed(pose, 0.1)).toEqual(still)
  })
  it('never moves the picture off the stage', () => {
    expect(moved({ ...still, scale: 2 }, 900, -900, 400, 200)).toMatchObject({ x: 200, y: -100 })
    expect(moved(still, 50, 50, 400, 200)).toMatchObject({ x: 0, y: 0 })
  })
  it('turns by quarters', () => {
    expect([1, 2, 3, 4].reduce((pose) => turned(pose), still).turn).toBe(0)
    expect(transformOf(turned(still))).toBe('translate(0px, 0px) scale(1) rotate(90deg)')
  })
})

describe('history, ways, ages, keys', () => {
  it('repeated looks of one person are one line', () => {
    const look = (who: string, at: string) => ({ at, act: 'view', label: '查看', who })
    const lines = condensed([{ at: '1', act: 'submit', label: '提交申请', who: '甲' }, look('乙', '2'), look('乙', '3'), look('丙', '4')])
    expect(lines.map((each) => `${each.label} ${each.who} ${each.at}`)).toEqual(['提交申请 甲 1', '查看（2 次） 乙 3', '查看 丙 4'])
  })
  it('a decision leads to the next application, else the one before, else the queue', () => {
    expect(nextOf({ previous: 'a', next: 'b' })).toBe('/review/b')
    expect(nextOf({ previous: 'a', next: null })).toBe('/review/a')
    expect(nextOf(undefined)).toBe('/review')
  })
  it('says how long it waits', () => {
    expect([ageWords(0), ageWords(3)]).toEqual(['今天提交', '3 天'])
    expect([ageTone(20), ageTone(21), ageTone(28)]).toEqual(['', 'amber', 'red'])
  })
  it('keys rest while somebody types or holds a modifier', () => {
    const keys: Key[] = [{ keys: ['j'], shown: 'j', title: '', run: () => undefined }]
    const press = (more: object, hit = false) => ({ key: 'j', target: { closest: () => (hit ? {} : null) }, ...more }) as unknown as KeyboardEvent
    expect(wanted(press({}), keys)).toBe(keys[0])
    expect(wanted(press({}, true), keys)).toBeUndefined()
    for (const modifier of ['ctrlKey', 'metaKey', 'altKey', 'isComposing']) expect(wanted(press({ [modifier]: true }), keys)).toBeUndefined()
  })
})
