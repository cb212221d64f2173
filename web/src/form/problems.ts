import { reactive } from 'vue'
import type { FieldError } from '@/api/client'
import { checkValue, emptyText } from './check'
import { domId } from './context'
import type { Definition, Values } from './definition'
import { within } from './pointer'
import { fieldAt, isEmpty, labelOf, shownFields, visible, type Seat } from './walk'
import { holds } from './when'

/** What is wrong on the page: found here when a field is left, or said by the server. */
export function useProblems() {
  const errors = reactive<Record<string, FieldError>>({})
  const confirmed = reactive(new Set<string>())

  function clear(pointer?: string): void {
    for (const key of Object.keys(errors)) if (pointer === undefined || within(key, pointer)) delete errors[key]
  }
  function take(found: FieldError[]): void {
    clear()
    for (const error of found) errors[error.pointer] = error
  }
  function confirm(pointer: string, yes: boolean): void {
    if (yes) confirmed.add(pointer)
    else confirmed.delete(pointer)
  }
  /** The value changed: what was said about the old one no longer holds. */
  function changed(pointer: string): void {
    clear(pointer)
    for (const key of Object.keys(errors)) if (within(pointer, key)) delete errors[key]
    confirmed.delete(pointer)
  }
  function left(seats: Seat[], pointer: string, filled: Record<string, string>): void {
    const seat = seats.find((each) => each.pointer === pointer)
    if (!seat || pointer in filled || !holds(seat.field.enabled_when, seat.scope)) return
    const label = labelOf(seat.field, seat.scope)
    const type = seat.field.format_of ? String((seat.scope.row ?? seat.scope.section)[seat.field.format_of] ?? '') : undefined
    if (seat.field.repeat && !seat.field.fields && !isEmpty(seat.value)) return leftRows(seat, pointer, label, type)
    say(pointer, checkValue(seat.field, seat.value, label, type))
  }
  function leftRows(seat: Seat, pointer: string, label: string, type: string | undefined): void {
    const rows = seat.value as unknown[]
    say(pointer, null)
    rows.forEach((row, index) => say(`${pointer}/${index}`, isEmpty(row) ? null : checkValue(seat.field, row, label, type)))
  }
  function say(pointer: string, wrong: string | null): void {
    if (wrong) errors[pointer] = { pointer, code: 'invalid', detail: wrong }
    else if (errors[pointer] && errors[pointer].code !== 'doubtful') delete errors[pointer]
  }
  return { errors, confirmed, clear, take, confirm, changed, left }
}

/** Required, shown, enabled, not filled by the server, and empty. */
export function missing(definition: Definition, values: Values, filled: Record<string, string>, entity: Values | null, step?: string): Seat[] {
  return shownFields(definition, visible(definition, values, entity), entity, step).filter((seat) =>
    seat.field.required && !(seat.pointer in filled) && holds(seat.field.enabled_when, seat.scope) && isEmpty(seat.value))
}

export const missingError = (seat: Seat): FieldError => ({ pointer: seat.pointer, code: 'required', detail: emptyText(seat.field, labelOf(seat.field, seat.scope)) })

export function labelAt(definition: Definition, values: Values, pointer: string): string {
  const found = fieldAt(definition, pointer)
  if (!found) return definition.steps.flatMap((step) => step.sections ?? []).find((section) => pointer.startsWith('/' + section.key))?.title ?? definition.title
  const row = /\/(\d+)(\/|$)/.exec(pointer)
  const label = labelOf(found.field, { values, section: values[found.section.key] ?? {} })
  const many = definition.steps.some((step) => (step.sections ?? []).some((section) => section !== found.section && section.fields.some((field) => field.label === found.field.label)))
  return (many ? `${found.section.title} · ` : '') + label + (row ? ` ${Number(row[1]) + 1}` : '')
}

/** Problems in the order in which the page shows their fields. */
export function inOrder(definition: Definition, values: Values, entity: Values | null, errors: FieldError[]): FieldError[] {
  const shown = shownFields(definition, visible(definition, values, entity), entity)
  const place = (error: FieldError): number => {
    const own = shown.reduce((found, seat, index) => (within(error.pointer, seat.pointer) ? index : found), -1)
    if (own >= 0) return own
    const first = shown.findIndex((seat) => seat.section.key === error.pointer.split('/')[1])
    return first < 0 ? -1 : first - 0.5 // of the section as a whole: before its fields
  }
  return errors.map((error) => ({ error, at: place(error) })).sort((a, b) => a.at - b.at).map((each) => each.error)
}

/** The sentence without its example, which stands below the field. */
export function withoutExample(text: string): string {
  return text.replace(/[\s，。；：、（(]*(?:例如|如[:：])[^，。；]*/g, '') || text
}

/** Brings the field into view and gives it the focus. */
export function goTo(pointer: string): void {
  for (let at = pointer; at.length > 1; at = at.slice(0, at.lastIndexOf('/'))) {
    const element = document.getElementById(domId(at))
    if (!element) continue
    element.closest<HTMLElement>('.field, .section')?.scrollIntoView({ block: 'center' })
    const inner = element.matches('input:not(:disabled), button, textarea, select') ? element : element.querySelector<HTMLElement>('input:not([type=file]):not(:disabled), button:not(:disabled), textarea')
    ;(inner ?? element).focus({ preventScroll: true })
    return
  }
}
