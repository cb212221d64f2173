import { computed, onScopeDispose, reactive, ref, shallowRef } from 'vue'
import { asProblem, call, Problem } from '@/api/client'
import type { Draft, FileInfo, Files } from '@/api/types'
import type { Values } from '@/form/definition'
import { read, write } from '@/form/pointer'
import { beforeLogout } from '@/session'
import { now } from '@/time'
import { providePlace } from '@/upload/kept'
import { merge, sameValue, type Conflict } from './merge'
import { forget, keep, recall } from './store'

export type SaveState = 'none' | 'typing' | 'saving' | 'saved' | 'local' | 'failed'
interface Target {
  kind: string
  action: string
  entity: string | null
  subject: string | null
}
interface Clash {
  conflicts: Conflict[]
  mineAt: Date
  theirsAt: string | null
}

const quietMs = 2000
const retryMs = 10_000
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value ?? null)) as T

/** Left-over empty rows of a repeated field are no values. */
function tidy(values: Values): Values {
  return JSON.parse(JSON.stringify(values), (_, value: unknown) => (Array.isArray(value) ? value.filter((each) => each !== '' && each !== null) : value)) as Values
}

/** One draft on the page: what is typed, what the server has, and how the two come together. */
export function useDraft() {
  const id = ref<string | null>(null)
  const target = shallowRef<Target | null>(null)
  const values = reactive<Values>({})
  const filled = ref<Record<string, string>>({})
  const files = reactive<Files>({})
  const returned = shallowRef<Draft['returned']>(null)
  const changes = shallowRef<NonNullable<Draft['changes']>>([])
  const state = ref<SaveState>('none')
  const savedAt = ref<Date | string | null>(null)
  const failure = shallowRef<Problem | null>(null)
  const clash = shallowRef<Clash | null>(null)
  let base: Values = {} // as the server has them
  let rev: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<boolean> | null = null
  let closed = false
  let forced = false

  const localName = () => id.value ?? `new:${target.value?.kind}:${target.value?.action}:${target.value?.entity ?? ''}`
  providePlace(localName)
  const dirty = () => !sameValue(base, tidy(values))

  function replaceValues(next: Values): void {
    for (const key of Object.keys(values)) if (!(key in next)) delete values[key]
    Object.assign(values, copy(next))
  }

  /** The server's filled values are shown as it sent them; what was typed stays. */
  function takeFilled(draft: Draft): void {
    filled.value = draft.filled ?? {}
    for (const pointer of Object.keys(filled.value)) write(values, pointer, copy(read(draft.values, pointer)))
  }

  function takeServer(draft: Draft, etag: string | null): void {
    rev = etag ?? rev
    savedAt.value = draft.saved ?? now()
    Object.assign(files, draft.files ?? {})
    returned.value = draft.returned ?? null
    if (draft.changes?.length) changes.value = draft.changes // told until the page is left, also after the first save
  }

  async function open(draftId: string): Promise<void> {
    await settleBefore()
    const answer = await call<Draft>('GET', `/drafts/${draftId}`)
    const draft = answer.body
    id.value = draft.id
    target.value = { kind: draft.kind, action: draft.action, entity: draft.entity ?? null, subject: draft.subject ?? null }
    base = copy(draft.values ?? {})
    replaceValues(base)
    takeServer(draft, answer.etag)
    takeFilled(draft)
    base = copy(values)
    state.value = 'saved'
    await takeLocal(draft.saved ?? null)
  }

  /** The page turns to another draft: what is typed in this one goes first. */
  async function settleBefore(): Promise<void> {
    if (!closed && id.value && dirty() && !clash.value) await save()
    clearTimeout(timer)
    closed = false
    failure.value = null
    clash.value = null
    changes.value = []
  }

  /** A new form: the draft is created on the server with the first change. True when a local copy was taken up. */
  async function begin(next: Target): Promise<boolean> {
    await settleBefore()
    id.value = null
    target.value = next
    base = {}
    rev = null
    state.value = 'none'
    replaceValues({})
    filled.value = {}
    return takeLocal(null)
  }

  async function takeLocal(theirsAt: string | null): Promise<boolean> {
    const kept = await recall(localName())
    if (!kept) return false
    settle(kept.base as Values, kept.values as Values, copy(base), new Date(kept.at), theirsAt)
    return true
  }

  function settle(was: Values, mine: Values, theirs: Values, mineAt: Date, theirsAt: string | null): void {
    const { merged, conflicts } = merge(was, mine, theirs)
    base = copy(theirs)
    replaceValues(merged)
    if (conflicts.length) clash.value = { conflicts, mineAt, theirsAt }
    else if (dirty()) schedule()
  }

  /** `theirs`: the pointers whose other value is kept. */
  function resolve(theirs: Set<string>): void {
    for (const conflict of clash.value?.conflicts ?? []) {
      if (theirs.has(conflict.pointer)) write(values, conflict.pointer, copy(conflict.theirs))
    }
    clash.value = null
    void save()
  }

  function schedule(wait = quietMs): void {
    if (closed) return
    clearTimeout(timer)
    timer = setTimeout(() => void save(), wait)
  }

  function set(pointer: string, value: unknown): void {
    if (sameValue(read(values, pointer), value)) return
    write(values, pointer, value === undefined ? undefined : copy(value))
    if (state.value !== 'local') state.value = 'typing'
    if (state.value === 'local') void keepLocal()
    schedule()
  }

  /** A default: shown, and saved together with the first change. */
  function preset(pointer: string, value: unknown): void {
    const clean = !dirty()
    write(values, pointer, copy(value))
    if (clean) write(base, pointer, copy(value))
  }

  /** 保存草稿 on an untouched form still makes a draft. */
  async function create(): Promise<boolean> {
    if (id.value) return true
    forced = true
    return save()
  }

  function addFile(info: FileInfo & { id: string }): void {
    files[info.id] = info
  }

  async function keepLocal(): Promise<boolean> {
    return keep(localName(), { values: copy(values), base, rev, at: new Date().toISOString() })
  }

  async function send(sent: Values, keepalive: boolean): Promise<void> {
    if (id.value === null) {
      const answer = await call<{ id: string }>('POST', '/drafts', { body: { ...clean(target.value!), values: sent }, keepalive })
      const name = localName()
      id.value = answer.body.id
      rev = answer.etag
      base = sent
      await forget(name)
      const full = await call<Draft>('GET', `/drafts/${id.value}`)
      takeServer(full.body, full.etag ?? rev)
      takeFilled(full.body)
    } else {
      const answer = await call<Draft>('PUT', `/drafts/${id.value}`, { body: { values: sent }, headers: rev ? { 'If-Match': rev } : {}, keepalive })
      base = sent
      takeServer(answer.body, answer.etag)
      if (answer.body.values) takeFilled(answer.body)
    }
    for (const pointer of Object.keys(filled.value)) write(base, pointer, copy(read(values, pointer)))
  }

  async function once(keepalive: boolean): Promise<boolean> {
    if (!target.value || clash.value) return false
    if (!dirty() && !forced) {
      if (id.value) state.value = 'saved'
      return true
    }
    forced = false
    const sent = tidy(values)
    if (state.value !== 'local') state.value = 'saving'
    try {
      await send(sent, keepalive)
      failure.value = null
      state.value = 'saved'
      await forget(localName())
      return true
    } catch (cause) {
      return failed(asProblem(cause))
    }
  }

  async function failed(problem: Problem): Promise<boolean> {
    const current = problem.body.current as (Draft & { rev?: string | number }) | undefined
    if (problem.status === 412 && current) {
      rev = current.rev === undefined ? rev : `"${String(current.rev).replace(/"/g, '')}"`
      settle(base, tidy(values), copy(current.values), now(), current.saved ?? null)
      state.value = 'typing'
      return false
    }
    failure.value = problem
    const kept = await keepLocal()
    if (kept) savedAt.value = now()
    state.value = kept && (problem.status <= 0 || problem.status === 401 || problem.status >= 500 || problem.status === 429) ? 'local' : 'failed'
    if (problem.status <= 0 || problem.status >= 500 || problem.status === 429) {
      schedule(problem.retryAfter ? Math.min(problem.retryAfter, 60) * 1000 : retryMs)
    }
    return false
  }

  /** True when the server has everything. */
  async function save(keepalive = false): Promise<boolean> {
    clearTimeout(timer)
    if (running) await running
    running = once(keepalive)
    const saved = await running
    running = null
    if (saved && dirty()) return save(keepalive)
    return saved
  }

  const online = () => void (state.value === 'local' && save())
  const hidden = () => void (document.visibilityState === 'hidden' && dirty() && save(true))
  window.addEventListener('online', online)
  document.addEventListener('visibilitychange', hidden)
  const leaveLogout = beforeLogout(() => save())

  async function close(): Promise<void> {
    if (closed) return
    if (target.value && dirty() && !clash.value) await save(true)
    closed = true
    clearTimeout(timer)
  }

  onScopeDispose(() => {
    void close()
    window.removeEventListener('online', online)
    document.removeEventListener('visibilitychange', hidden)
    leaveLogout()
  })

  async function discard(): Promise<void> {
    clearTimeout(timer)
    await forget(localName())
    closed = true
  }

  const saveText = computed(() => ({
    none: '', typing: '正在填写', saving: '正在保存', saved: '已保存', local: '已保存在本机', failed: '未能保存到平台',
  })[state.value])

  return reactive({
    id, target, values, filled, files, returned, changes, state, savedAt, failure, clash, saveText,
    open, begin, set, preset, create, save, resolve, addFile, discard, dirty,
  })
}

function clean(target: Target): Record<string, string> {
  return Object.fromEntries(Object.entries(target).filter(([, value]) => value !== null)) as Record<string, string>
}

export type DraftModel = ReturnType<typeof useDraft>
