import type { Reason, TimelineItem } from '@/api/types'
import type { Definition, Field, Values } from '@/form/definition'
import { within } from '@/form/pointer'
import { isEmpty, labelOf, shownFields, visible } from '@/form/walk'
import { fileId } from '@/form/show'
import type { CatalogueItem, Difference, ReviewFile } from './types'

// What an officer judges: one item per shown field, rows of a group field by field.
export interface Item {
  pointer: string
  label: string
  section: string
  step: string
  field: Field
  value: unknown
  empty: boolean
}

export interface Judgement {
  verdict: 'pass' | 'mend'
  codes: string[]
  text: string
}
export type Judgements = Record<string, Judgement>

/** The catalogue's catch-all: the officer's own words go by this code. */
export const ownWords = 'other'

export function itemsOf(definition: Definition, values: Values, entity?: Values | null): Item[] {
  const groups: { pointer: string; label: string }[] = []
  const items: Item[] = []
  for (const seat of shownFields(definition, visible(definition, values, entity), entity)) {
    const label = labelOf(seat.field, seat.scope)
    if (seat.field.fields) {
      groups.push({ pointer: seat.pointer, label })
      if (!isEmpty(seat.value)) continue
    }
    const group = groups.find((each) => each.pointer !== seat.pointer && within(seat.pointer, each.pointer))
    const row = group ? Number(seat.pointer.slice(group.pointer.length + 1).split('/')[0]) + 1 : 0
    items.push({
      pointer: seat.pointer, label: group ? `${group.label} ${row} ${label}` : label,
      section: seat.section.title, step: seat.step.key, field: seat.field, value: seat.value, empty: isEmpty(seat.value),
    })
  }
  return items
}

export interface Count {
  total: number
  judged: number
  mend: number
  unexplained: number // 需补正 without a word on why
}

/** An empty optional field needs no verdict, but may get one. */
export function countOf(items: Item[], judgements: Judgements): Count {
  const count: Count = { total: 0, judged: 0, mend: 0, unexplained: 0 }
  for (const item of items) {
    const judgement = judgements[item.pointer]
    if (item.empty && judgement?.verdict !== 'mend') continue
    count.total += 1
    if (!judgement) continue
    count.judged += 1
    if (judgement.verdict !== 'mend') continue
    count.mend += 1
    if (!explained(judgement)) count.unexplained += 1
  }
  return count
}

export function explained(judgement: Judgement): boolean {
  return judgement.codes.length > 0 || judgement.text.trim() !== ''
}

/** Reasons of the catalogue that fit this field; the catch-all is the text box. */
export function reasonsFor(catalogue: CatalogueItem[], pointer: string): CatalogueItem[] {
  return catalogue.filter((item) => item.code !== ownWords && item.fields.some((prefix) => prefix === '' || within(pointer, prefix)))
}

/** 图片不清晰或不完整 of the whole sentence: for a button. */
export function shortText(text: string): string {
  return text.split(/[，。；]/)[0]
}

/** What the applicant will read, field by field in the form's order. */
export function reasonsOf(items: Item[], judgements: Judgements, catalogue: CatalogueItem[]): Reason[] {
  return items.flatMap((item): Reason[] => {
    const judgement = judgements[item.pointer]
    if (judgement?.verdict !== 'mend') return []
    const chosen = catalogue.filter((each) => judgement.codes.includes(each.code)).map((each) => ({ pointer: item.pointer, code: each.code, text: each.text }))
    const own = judgement.text.trim()
    return own ? [...chosen, { pointer: item.pointer, code: ownWords, text: own }] : chosen
  })
}

export interface Picture {
  key: string // one file may stand at several fields
  id: string
  pointer: string
  label: string
  file: ReviewFile
}

const isPicture = (item: Item) => item.field.type === 'picture' || item.field.type === 'document'
const idsOf = (value: unknown) => (Array.isArray(value) ? value : [value]).map(fileId).filter((id): id is string => id !== null)
const keyOf = (pointer: string, id: string) => `${pointer}#${id}`

/** Pictures in the order of the form, each changed one followed by the last version's. */
export function picturesOf(items: Item[], files: Record<string, ReviewFile>, differences: Difference[] = []): Picture[] {
  return items.filter(isPicture).flatMap((item) => {
    const label = item.label.includes(item.section) ? item.label : `${item.section} · ${item.label}`
    const one = (id: string, suffix: string): Picture => ({ key: keyOf(item.pointer, id), id, pointer: item.pointer, label: label + suffix, file: files[id] ?? {} })
    const change = differences.find((each) => each.pointer === item.pointer)
    const now = idsOf(item.value)
    const before = change ? idsOf(change.before).filter((id) => !now.includes(id) && files[id]) : []
    return [...now.map((id) => one(id, '')), ...before.map((id) => one(id, '（上一版）'))]
  })
}

/** The picture to look at beside a field: its own, else one of its row or section; the one on show stays when it fits as well. */
export function pictureFor(pictures: Picture[], pointer: string, shown: string | null): string | null {
  const parts = pointer.split('/')
  const bases = [pointer, ...[4, 3, 2].filter((length) => length < parts.length).map((length) => parts.slice(0, length).join('/'))]
  const near = bases.map((base) => pictures.filter((picture) => within(picture.pointer, base))).find((found) => found.length > 0)
  if (!near) return shown
  return near.some((picture) => picture.key === shown) ? shown : near[0].key
}

/** Repeated looks of the same person in a row are one line. */
export function condensed(history: TimelineItem[]): TimelineItem[] {
  const lines: (TimelineItem & { times: number })[] = []
  for (const item of history) {
    const last = lines[lines.length - 1]
    if (last && item.act === 'view' && last.act === 'view' && last.who === item.who) {
      last.times += 1
      last.at = item.at
    } else lines.push({ ...item, times: 1 })
  }
  return lines.map(({ times, ...item }) => (times > 1 ? { ...item, label: `${item.label}（${times} 次）` } : item))
}

/** Where to go after a decision. */
export function nextOf(neighbours: { previous: string | null; next: string | null } | undefined): string {
  const id = neighbours?.next ?? neighbours?.previous
  return id ? `/review/${id}` : '/review'
}
