import type { Component } from 'vue'

// One component per type of the form language; a new type is a new file here.
const modules = import.meta.glob<{ default: Component }>('./*.vue', { eager: true })
const byType = new Map(Object.entries(modules).map(([path, module]) => [path.slice(2, -4), module.default]))

export function fieldComponent(type: string): Component {
  const found = byType.get(type) ?? byType.get('text')
  if (!found) throw new Error(`no component for ${type}`)
  return found
}
