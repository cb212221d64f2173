// What the officers' calls answer: docs/contract.md, "Officers".
import type { FileInfo, Reason, TimelineItem } from '@/api/types'
import type { Values } from '@/form/definition'

export interface Officer {
  name: string
  unit: string
  unit_name: string
  region: string
  roles: string[]
  now?: string
}

export interface QueueItem {
  id: string
  kind: string
  action?: string
  title: string
  name: string | null
  submitted: string
  age_days: number
  state: string
  state_label: string
  claimed_by: string | null
  claimed_at?: string | null
  mine: boolean
  entity_name: string
}

export interface Summary {
  id: string
  kind: string
  title: string
  name: string | null
  submitted: string
  age_days: number
  state: string
  state_label: string
  unit?: string
  rev: number
  version: number
  claimed_by: string | null
  claimed_at: string | null
  mine: boolean
}

export interface Hint {
  pointer: string
  level: string
  text: string
}

export interface Difference {
  pointer: string
  label: string
  type?: string
  before: unknown
  after: unknown
}

export interface CatalogueItem {
  code: string
  text: string
  fields: string[]
}

export interface ReviewFile extends FileInfo {
  label?: string
  pointer?: string
}

/** The entity of a business, shown beside it; `application` is the entity's own open application. */
export interface ReviewEntity {
  id: string
  name: string
  type: string
  state: string
  state_label: string
  kind: string
  form_version: number
  values: Values
  application: Summary | null
}

export interface View {
  application: Summary
  form_version: number
  values: Values
  previous?: Values
  differences?: Difference[]
  files: Record<string, ReviewFile>
  hints: Hint[]
  doubtful: string[]
  catalogue: CatalogueItem[]
  reasons: Reason[]
  history: TimelineItem[]
  neighbours: { previous: string | null; next: string | null }
  entity?: ReviewEntity
  businesses?: Summary[]
}

export type Verdict = 'pass' | 'return' | 'refuse'

export interface Decided {
  state: string
  state_label: string
  number?: string | null
  neighbours?: { previous: string | null; next: string | null }
}
