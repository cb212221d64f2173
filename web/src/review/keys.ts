import { onBeforeUnmount, onMounted, ref } from 'vue'

// Single keys of the desk. They can be switched off (WCAG 2.1.4) and rest while somebody types or a dialog is open.
export interface Key {
  keys: string[] // KeyboardEvent.key
  shown: string
  title: string
  run: () => void
}

const storeKey = 'beian.review.keys'
const stored = (): boolean => typeof localStorage === 'undefined' || localStorage.getItem(storeKey) !== 'off'
export const keysOn = ref(stored())
export function switchKeys(on: boolean): void {
  keysOn.value = on
  localStorage.setItem(storeKey, on ? 'on' : 'off')
}

const typing = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]'

export function wanted(event: KeyboardEvent, keys: Key[]): Key | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return undefined
  const at = event.target as Element | null
  if (at?.closest?.(typing)) return undefined
  return keys.find((key) => key.keys.includes(event.key))
}

/** The page's keys while it is shown. "?" works always: it is the way to switch the others on. */
export function useKeys(keys: () => Key[]): void {
  const press = (event: KeyboardEvent) => {
    if (document.querySelector('dialog[open]')) return
    const found = wanted(event, keys())
    if (!found || (!keysOn.value && event.key !== '?')) return
    event.preventDefault()
    found.run()
  }
  onMounted(() => document.addEventListener('keydown', press))
  onBeforeUnmount(() => document.removeEventListener('keydown', press))
}
