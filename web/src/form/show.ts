import type { Field, Lists } from './definition'
import { regionText, type Regions } from './forms'
import { isEmpty } from './walk'

export const nothing = '未填写'
export const forever = '9999-12-31'

function one(field: Field, value: unknown, lists: Lists, regions: Regions | null): string {
  if (value !== null && typeof value === 'object') {
    const record = value as Record<string, unknown>
    if (field.type === 'period') return `${record.from ?? '…'} 至 ${record.to === forever ? '长期有效' : (record.to ?? '…')}`
    return String(record.name ?? record.id ?? '')
  }
  const label = lists[field.choices ?? '']?.find((choice) => choice.value === value)?.label
  if (field.type === 'choice' || field.type === 'choices') return label ?? String(value)
  if (field.type === 'region') return regionText(regions, value)
  if (field.type === 'term' && value === forever) return `${forever}（长期有效）`
  return field.unit ? `${value} ${field.unit}` : String(value)
}

/** A value as people read it; 未填写 when there is none. */
export function show(field: Field, value: unknown, lists: Lists, regions: Regions | null): string {
  if (isEmpty(value)) return nothing
  if (Array.isArray(value)) return value.filter((each) => !isEmpty(each)).map((each) => one(field, each, lists, regions)).join('、')
  return one(field, value, lists, regions)
}

/** The id of a picture: values are ids, masked documents have descriptors. */
export function fileId(value: unknown): string | null {
  if (typeof value === 'string') return value || null
  const id = (value as { id?: unknown } | null)?.id
  return typeof id === 'string' ? id : null
}
