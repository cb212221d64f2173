import type { Values } from '@/form/definition'
import { join, read, write } from '@/form/pointer'

export interface Conflict {
  pointer: string
  mine: unknown
  theirs: unknown
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** Every field of either document: a list counts as one value, because rows have no identity. */
function pointers(...documents: Values[]): string[] {
  const all = documents.flatMap((document) =>
    Object.entries(document ?? {}).flatMap(([section, fields]) => Object.keys(fields ?? {}).map((key) => join(section, key))))
  return [...new Set(all)]
}

/** Three-way: what only one side changed is taken; what both changed differently is a conflict (mine stays until chosen). */
export function merge(base: Values, mine: Values, theirs: Values): { merged: Values; conflicts: Conflict[] } {
  const merged = structuredClone(mine)
  const conflicts: Conflict[] = []
  for (const pointer of pointers(base, mine, theirs)) {
    const was = read(base, pointer)
    const my = read(mine, pointer)
    const their = read(theirs, pointer)
    if (same(my, their) || same(was, their)) continue
    if (same(was, my)) write(merged, pointer, structuredClone(their))
    else conflicts.push({ pointer, mine: my, theirs: their })
  }
  return { merged, conflicts }
}

export const sameValue = same
