// Shapes that cross the wire: docs/contract.md, "API".
import type { Definition, Lists, Texts, Values } from '@/form/definition'

export interface Page<T> {
  items: T[]
  total: number | string // "1000+" when the server stopped counting
  page: number
  size: number
}

export interface EntityItem {
  id: string
  name: string
  type: string
  state: string
  state_label: string
  created: string
}

export interface Me {
  kind: string
  name: string
  actor?: string
  account: Record<string, string | null>
  offline_key: string
  tag: string
  entities: EntityItem[]
  unread: number
  now: string
}

export interface FormItem {
  kind: string
  title: string
  subject: 'entity' | 'filing'
  actions: Record<string, string | { title?: string }>
  menu?: { title: string; entries: { action: string; title: string }[] }
  first?: boolean
}

export interface Form {
  definition: Definition
  lists: Lists
  texts: Texts
}

export interface FileInfo {
  id?: string
  name?: string
  media?: string
  width?: number
  height?: number
  size?: number
  hints?: string[]
  url?: string
}
export type Files = Record<string, FileInfo>

export interface Reason {
  pointer: string
  code: string
  text: string
}

export interface Draft {
  id: string
  kind: string
  action: string
  entity: string | null
  subject: string | null
  form_version?: number
  values: Values
  filled?: Record<string, string>
  files?: Files
  returned?: { application: string; ends: string; reasons: Reason[]; previous?: Values } | null
  changes?: { pointer: string; what: string; old?: unknown }[]
  saved?: string
  created?: string
  ends?: string
}

export interface DraftItem {
  id: string
  kind: string
  action: string
  title: string
  name: string | null
  saved: string
  created: string
  ends: string
  days_left: number
  entity?: string | null
  application?: string | null // it mends this one: not to be offered as a new one
}

export interface ApplicationItem {
  id: string
  kind: string
  action: string
  title: string
  name: string | null
  submitted: string
  state: string
  state_label: string
  awaits?: unknown
  unit: string | null
  can?: { withdraw: boolean; until: string | null; mend: string | null; reapply?: boolean }
}

export interface TimelineItem {
  at: string | null
  act: string
  label: string
  who?: string | null
  text?: string | null
}

export interface Application extends ApplicationItem {
  entity: string | { id: string; values?: Values } | null
  subject?: string | null
  form_version?: number
  values: Values
  files?: Files
  timeline: TimelineItem[]
  can: { withdraw: boolean; until: string | null; mend: string | null; reapply?: boolean }
  reasons?: Reason[]
  number?: string | null
}

export interface Entity {
  id: string
  name: string
  type?: string
  state: string
  state_label: string
  created?: string
  unit?: string | null
  form_version?: number
  values: Values
  files?: Files
}

export interface FilingItem {
  id: string
  kind: string
  name: string
  number?: string | null
  state: string
  state_label: string
  created?: string
  approved?: string | null
  listed?: Record<string, string>
}

export interface Filing extends FilingItem {
  values: Values
  files?: Files
  unit?: string | null
  snippet?: string | null
  register_url?: string | null
  form_version?: number
}

export interface Notice {
  id: string
  title: string
  body: string
  created: string
  unread: boolean
  link?: string | null
}

export interface Home {
  applications: Page<ApplicationItem> | ApplicationItem[]
  notices: Page<Notice> | Notice[]
  entity: (Partial<Entity> & { id: string }) | null
  filings: Record<string, { items: FilingItem[]; total: number | string }>
}

export interface Provider {
  id: string
  name: string
  region: string
  names: string[]
  [key: string]: unknown
}
