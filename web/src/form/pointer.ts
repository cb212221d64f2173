import type { Values } from './definition'

// Pointers as in problem+json errors: /section/field, /section/field/0, /section/group/0/field.
export function split(pointer: string): string[] {
  return pointer.split('/').slice(1).map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
}

export function join(...parts: (string | number)[]): string {
  return '/' + parts.map((part) => String(part).replace(/~/g, '~0').replace(/\//g, '~1')).join('/')
}

export function read(values: unknown, pointer: string): unknown {
  let at: unknown = values
  for (const part of split(pointer)) {
    if (at === null || typeof at !== 'object') return undefined
    at = (at as Record<string, unknown>)[part]
  }
  return at
}

/** Writes in place; undefined removes. Missing parents are made (objects, or arrays before a number). */
export function write(values: Values, pointer: string, value: unknown): void {
  const parts = split(pointer)
  const last = parts.pop()
  if (last === undefined) return
  let at = values as Record<string, unknown>
  parts.forEach((part, index) => {
    if (at[part] === null || typeof at[part] !== 'object') {
      at[part] = /^\d+$/.test(parts[index + 1] ?? last) ? [] : {}
    }
    at = at[part] as Record<string, unknown>
  })
  if (value === undefined) delete at[last]
  else at[last] = value
}

/** True when `pointer` is `base` or lies in it. */
export function within(pointer: string, base: string): boolean {
  return pointer === base || pointer.startsWith(base + '/')
}
