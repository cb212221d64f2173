import { get, query } from '@/api/client'
import type { Form } from '@/api/types'

// Definitions and regions do not change while a page is open: one request each, shared.
const loaded = new Map<string, Promise<Form>>()

export function loadForm(kind: string, version?: number): Promise<Form> {
  const path = `/forms/${encodeURIComponent(kind)}${query({ version })}`
  let form = loaded.get(path)
  if (!form) {
    form = get<Form>(path)
    form.catch(() => loaded.delete(path))
    loaded.set(path, form)
  }
  return form
}

export type RegionTree = [string, string, RegionTree?][]
export interface RegionItem {
  code: string
  names: string[]
  codes: string[]
}
export interface Regions {
  tree: RegionTree
  byCode: Map<string, RegionItem>
}

let regions: Promise<Regions> | null = null

export function indexRegions(tree: RegionTree): Regions {
  const byCode = new Map<string, RegionItem>()
  const visit = (items: RegionTree, names: string[], codes: string[]) => {
    for (const [code, name, below] of items) {
      const item = { code, names: [...names, name], codes: [...codes, code] }
      byCode.set(code, item)
      if (below) visit(below, item.names, item.codes)
    }
  }
  visit(tree, [], [])
  return { tree, byCode }
}

export function loadRegions(): Promise<Regions> {
  regions ??= get<RegionTree>('/forms/regions').then(indexRegions)
  regions.catch(() => (regions = null))
  return regions
}

export function regionText(all: Regions | null, code: unknown): string {
  const found = all?.byCode.get(String(code ?? ''))
  return found ? found.names.join(' / ') : String(code ?? '')
}
