import type { Definition, Field, FormSection, Section, Step, Values, WayChoice } from './definition'
import { join } from './pointer'
import { holds, type Scope } from './when'

export function sectionScope(values: Values, section: FormSection, entity?: Values | null): Scope {
  return { values, section: values[section.key] ?? {}, entity }
}

export function shownSections(step: Step, values: Values, entity?: Values | null): FormSection[] {
  return (step.sections ?? []).filter((section) => holds(section.when, sectionScope(values, section, entity)))
}

function pruneFields(fields: Field[], at: Section, out: Section, scope: Scope): void {
  for (const field of fields) {
    if (!holds(field.when, scope)) continue
    const value = at[field.key]
    if (field.fields && Array.isArray(value)) {
      out[field.key] = (value as Section[]).map((row) => {
        const kept: Section = {}
        pruneFields(field.fields!, row ?? {}, kept, { ...scope, row: kept })
        return kept
      })
    } else if (value !== undefined) out[field.key] = value
  }
}

/** The document without what its conditions hide: a hidden value counts as empty. Conditions look at what stands before them. */
export function visible(definition: Definition, values: Values, entity?: Values | null): Values {
  const kept: Values = {}
  for (const step of definition.steps) {
    for (const section of step.sections ?? []) {
      if (!holds(section.when, { values: kept, section: values[section.key] ?? {}, entity })) continue
      const at = values[section.key] ?? {}
      const out: Section = {}
      kept[section.key] = out
      if (section.ways && at[section.ways.key] !== undefined) out[section.ways.key] = at[section.ways.key]
      pruneFields(section.fields, at, out, { values: kept, section: out, entity })
    }
  }
  return kept
}

export interface Seat {
  step: Step
  section: FormSection
  field: Field
  pointer: string
  scope: Scope
  value: unknown
}

function seats(step: Step, section: FormSection, fields: Field[], base: string, at: Section, scope: Scope): Seat[] {
  return fields.filter((field) => holds(field.when, scope)).flatMap((field) => {
    const pointer = `${base}/${field.key}`
    const seat: Seat = { step, section, field, pointer, scope, value: at[field.key] }
    if (!field.fields) return [seat]
    const rows = Array.isArray(seat.value) ? (seat.value as Section[]) : []
    return [seat, ...rows.flatMap((row, index) =>
      seats(step, section, field.fields!, `${pointer}/${index}`, row ?? {}, { ...scope, row: row ?? {} }))]
  })
}

/** Every field that its conditions show, groups row by row, in order. */
export function shownFields(definition: Definition, values: Values, entity?: Values | null, only?: string): Seat[] {
  return definition.steps.filter((step) => only === undefined || step.key === only).flatMap((step) =>
    shownSections(step, values, entity).flatMap((section) => {
      const scope = sectionScope(values, section, entity)
      return seats(step, section, section.fields, join(section.key), scope.section, scope)
    }))
}

/** Every field that shows or not, by pointer pattern without row numbers: for labels of any pointer. */
export function fieldAt(definition: Definition, pointer: string): { step: Step; section: FormSection; field: Field } | null {
  const [sectionKey, ...keys] = pointer.split('/').slice(1).filter((part) => !/^\d+$/.test(part))
  for (const step of definition.steps) {
    for (const section of step.sections ?? []) {
      if (section.key !== sectionKey) continue
      let field: Field | undefined
      for (const key of keys) field = (field ? field.fields : section.fields)?.find((each) => each.key === key)
      if (field) return { step, section, field }
    }
  }
  return null
}

export function labelOf(field: Field, scope: Scope): string {
  const by = field.labels?.by
  if (!by) return field.label
  const [first, second] = by.split('.')
  const value = second ? scope.values[first]?.[second] : (scope.row?.[first] ?? scope.section[first])
  return field.labels!.is[String(value)] ?? field.labels!.else ?? field.label
}

export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.every(isEmpty)
  return typeof value === 'object' && Object.values(value as object).every(isEmpty)
}

/** Ways that this account may choose. */
export function openWays(section: FormSection, scope: Scope, account: string): WayChoice[] {
  return (section.ways?.choices ?? []).filter((way) => {
    const kinds = way.for === undefined ? [account] : Array.isArray(way.for) ? way.for : [way.for]
    return kinds.includes(account) && holds(way.when, scope)
  })
}

/** Defaults of what shows and has no value yet; answers a change list, because a shown field may depend on another's default. */
export function missingDefaults(definition: Definition, values: Values, account: string, entity?: Values | null): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const step of definition.steps) {
    for (const section of shownSections(step, values, entity)) {
      const scope = sectionScope(values, section, entity)
      const ways = section.ways
      if (ways?.default !== undefined && scope.section[ways.key] === undefined &&
          openWays(section, scope, account).some((way) => way.value === ways.default && !way.disabled)) {
        found.set(join(section.key, ways.key), ways.default)
      }
    }
  }
  for (const seat of shownFields(definition, values, entity)) {
    if (seat.value === undefined && seat.field.default !== undefined) found.set(seat.pointer, seat.field.default)
  }
  return found
}
