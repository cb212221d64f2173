// A form definition as the server sends it: docs/contract.md, "Form language".
export type Value = unknown
export type Section = Record<string, Value>
export type Values = Record<string, Section>
export type When = { [key: string]: string | string[] | boolean | number | When[] }

export interface Choice {
  value: string
  label: string
  [key: string]: unknown
}
export type Lists = Record<string, Choice[]>
export type Texts = Record<string, TextBlock>
export interface TextBlock {
  title?: string
  paragraphs: { text: string; href?: string; strong?: boolean }[][]
}

export interface WayChoice {
  value: string
  title: string
  from?: string
  for?: string | string[]
  when?: When
  disabled?: string
  note?: string
  sets?: Record<string, string>
}
export interface Ways {
  key: string
  look: 'radio' | 'check'
  default?: string
  choices: WayChoice[]
}
export interface Lookup {
  source: string
  role: string
  button: string
  title: string
  region_label: string
  sets: Record<string, string>
}
export interface Field {
  key: string
  label: string
  type: string
  required?: boolean
  when?: When
  enabled_when?: When
  format?: string
  format_of?: string
  min?: number | string
  max?: number | string
  sensitive?: string
  hint?: string
  help?: string
  example?: string
  info?: string
  wide?: boolean
  choices?: string
  look?: 'radio' | 'select' | 'checks'
  default?: Value
  labels?: { by: string; is: Record<string, string>; else?: string }
  repeat?: { min?: number; max?: number }
  offer?: { from: string; of: string }
  fields?: Field[]
  accept?: string[] | string
  limit_mb?: number
  unit?: string
}
export interface FormSection {
  key: string
  title: string
  when?: When
  ways?: Ways
  lookup?: Lookup
  advice?: string
  note?: string
  fields: Field[]
}
export interface Step {
  key: string
  title: string
  shows?: string
  joins?: Record<string, string> // sections of what it shows that stand in one row, by label
  text?: string
  note?: string
  sections?: FormSection[]
}
export interface Definition {
  kind: string
  version: number
  title: string
  subject: 'entity' | 'filing'
  actions: Record<string, string | { title?: string }>
  menu?: { title: string }
  first?: boolean
  submit?: string
  notice?: string
  steps: Step[]
}

export function actionTitle(actions: Definition['actions'] | undefined, action: string): string {
  const found = actions?.[action]
  return typeof found === 'string' ? found : (found?.title ?? '')
}
