// A picture that could not be sent stays in this browser, sealed like typed text, until it is sent or given up.
import { hasInjectionContext, inject, provide, type InjectionKey } from 'vue'
import { forget, keep, recall } from '@/draft/store'

interface Picture {
  blob: Blob
  name: string
}

const place: InjectionKey<() => string> = Symbol('where the copies of this draft are kept')
export function providePlace(name: () => string): void {
  if (hasInjectionContext()) provide(place, name)
}

function textOf(bytes: Uint8Array): string {
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += 0x8000) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)))
  return btoa(pieces.join(''))
}

/** For the tile of one field; without a draft around it nothing is kept. */
export function usePictureKeeper(field: string) {
  const name = inject(place, null)
  let under = ''

  async function store({ blob, name: fileName }: Picture): Promise<void> {
    if (!name) return
    under = `${name()}#${field}`
    const data = textOf(new Uint8Array(await blob.arrayBuffer()))
    await keep(under, { values: { name: fileName, type: blob.type, data }, base: null, rev: null, at: new Date().toISOString() })
  }
  async function find(): Promise<Picture | null> {
    if (!name) return null
    under = `${name()}#${field}`
    const found = (await recall(under))?.values as { name: string; type: string; data: string } | undefined
    if (!found) return null
    const bytes = Uint8Array.from(atob(found.data), (each) => each.charCodeAt(0))
    return { blob: new Blob([bytes], { type: found.type }), name: found.name }
  }
  async function drop(): Promise<void> {
    if (under) await forget(under)
  }
  return { store, find, drop }
}
