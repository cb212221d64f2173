import type { Section, Values, When } from './definition'

export interface Scope {
  values: Values
  section: Section
  row?: Section
  entity?: Values | null // the entity's document, for conditions that begin with "entity."
}

function look(key: string, scope: Scope): unknown {
  const parts = key.split('.')
  if (parts.length === 1) return scope.row && key in scope.row ? scope.row[key] : scope.section[key]
  if (parts.length === 3 && parts[0] === 'entity') return scope.entity?.[parts[1]]?.[parts[2]]
  return scope.values[parts[0]]?.[parts[1]]
}

/** All conditions must hold; a list of wanted values means any of them; a chosen list holds when it contains one. The member
 * "any" is a list of conditions of which one must hold. */
export function holds(when: When | undefined, scope: Scope): boolean {
  return Object.entries(when ?? {}).every(([key, wanted]) => {
    if (key === 'any') return (wanted as When[]).some((each) => holds(each, scope))
    const has = look(key, scope)
    const accepted: unknown[] = Array.isArray(wanted) ? wanted : [wanted]
    return Array.isArray(has) ? has.some((each) => accepted.includes(each)) : accepted.includes(has)
  })
}
