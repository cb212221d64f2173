import { computed, reactive, readonly } from 'vue'
import { actFor, call, get, onUnauthorized, query } from './api/client'
import type { DraftItem, EntityItem, FormItem, Me, Page } from './api/types'
import { eraseAll, openStore } from './draft/store'
import { setServerNow } from './time'

interface State {
  me: Me | null
  forms: FormItem[]
  entity: string | null
  ended: boolean
  drafts: number | null
}
const state = reactive<State>({ me: null, forms: [], entity: null, ended: false, drafts: null })
export const session = readonly(state)

const entityKey = 'beian.entity' // sessionStorage: each tab works for its own entity
const working = new Set(['reviewing', 'valid', 'changing', 'cancelling', 'transferring'])
const opening = new Set(['reviewing', 'valid', 'changing'])

export const entities = computed<EntityItem[]>(() => (state.me?.entities ?? []).filter((each) => working.has(each.state)) as EntityItem[])
export const entity = computed<EntityItem | null>(() => entities.value.find((each) => each.id === state.entity) ?? entities.value[0] ?? null)
/** New business is open once an entity was submitted. */
export const mayFile = computed(() => entity.value !== null && opening.has(entity.value.state))

export function chooseEntity(id: string): void {
  state.entity = id
  sessionStorage.setItem(entityKey, id)
}

export async function refreshMe(): Promise<Me> {
  const me = await get<Me>('/me')
  setServerNow(me.now)
  actFor(me.tag)
  state.me = me
  state.ended = false
  state.entity = sessionStorage.getItem(entityKey)
  await openStore(me.offline_key)
  return me
}

export async function refreshDraftCount(): Promise<void> {
  try {
    const list = await get<Page<DraftItem>>('/drafts' + query({ page: 1, size: 1 }))
    state.drafts = typeof list.total === 'number' ? list.total : null
  } catch {
    state.drafts = null // only a badge
  }
}

let starting: Promise<boolean> | null = null
/** True when somebody is logged in; the frame's data is loaded once. */
export function start(): Promise<boolean> {
  starting ??= Promise.all([refreshMe(), get<{ items: FormItem[] }>('/forms')]).then(
    ([, forms]) => {
      state.forms = forms.items
      void refreshDraftCount()
      return true
    },
    (cause: unknown) => {
      starting = null
      throw cause
    },
  )
  return starting
}

export function loginAddress(): string {
  return '/login?return_to=' + encodeURIComponent(location.pathname + location.search)
}

type Saver = () => Promise<boolean>
const savers = new Set<Saver>()
/** Pages with unsaved input tell how to save it: 退出登录 saves first, then erases. */
export function beforeLogout(saver: Saver): () => void {
  savers.add(saver)
  return () => savers.delete(saver)
}

/** False: something could not be saved, the person stays logged in. */
export async function logout(): Promise<boolean> {
  const saved = await Promise.all([...savers].map((saver) => saver()))
  if (saved.includes(false)) return false
  await call('POST', '/logout', { body: {} })
  await eraseAll()
  sessionStorage.removeItem(entityKey)
  location.assign('/')
  return true
}

onUnauthorized(() => {
  if (state.me) state.ended = true
})
