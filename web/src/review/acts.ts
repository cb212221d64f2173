import { ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { asProblem, post, type Problem } from '@/api/client'
import type { Reason } from '@/api/types'
import { toast } from '@/ui/toast'
import type { Decision } from './DecisionDialog.vue'
import { setLast } from './desk'
import { nextOf, ownWords, type Count } from './judge'
import type { Notes } from './judgements'
import type { Decided, Verdict, View } from './types'

interface Subject {
  id: ComputedRef<string>
  view: Ref<View | null>
  notes: Ref<Notes | null>
  count: ComputedRef<Count>
  reasons: ComputedRef<Reason[]>
  load: (id: string) => Promise<void>
}

/** Why this verdict is not possible yet; empty when it is. */
export function blocked(verdict: Verdict, { total, judged, mend, unexplained }: Count): string {
  if (verdict === 'pass' && mend) return `有 ${mend} 项需补正，不能通过`
  if (verdict === 'pass' && judged < total) return `还有 ${total - judged} 项未核对`
  if (verdict === 'return' && !mend) return '请先把要补正的项目标为“需补正”'
  return unexplained ? `有 ${unexplained} 项没有写明补正原因` : ''
}

/** Taking, giving back and deciding; who comes second reads why (`conflict`). */
export function useActs({ id, view, notes, count, reasons, load }: Subject) {
  const router = useRouter()
  const busy = ref(false)
  const deciding = ref<Verdict | null>(null)
  const releasing = ref(false)
  const refusal = shallowRef<Problem | null>(null) // of a decision, shown in its dialog
  const conflict = shallowRef<Problem | null>(null)

  async function act(work: () => Promise<unknown>): Promise<void> {
    if (busy.value) return
    busy.value = true
    try {
      await work()
    } catch (cause) {
      const refused = asProblem(cause)
      if (refused.status === 409) conflict.value = refused
      else if (refused.status !== 401) toast(refused.detail || refused.title, { bad: true })
    } finally {
      busy.value = false
    }
  }
  const claim = () => act(async () => {
    await post(`/applications/${id.value}/claim`)
    await load(id.value)
  })
  const release = (reason?: string) => act(async () => {
    await post(`/applications/${id.value}/release`, reason ? { force: true, reason } : {})
    releasing.value = false
    toast('已退回待办，其他人员可以受理')
    await load(id.value)
  })

  function open(verdict: Verdict): void {
    const why = blocked(verdict, count.value)
    if (why) return toast(why, { bad: true })
    refusal.value = null
    deciding.value = verdict
  }

  let sent = { body: '', key: '' } // the same decision again (a lost answer) goes by the same key
  function keyOf(body: object): string {
    const text = JSON.stringify(body)
    if (text !== sent.body) sent = { body: text, key: crypto.randomUUID() }
    return sent.key
  }
  async function refused(problem: Problem): Promise<void> {
    if (problem.status > 0 && problem.status < 500) sent = { body: '', key: '' }
    if (problem.status === 401) return
    if (problem.type === 'entity-first') await load(id.value)
    if (problem.status !== 409 || problem.type === 'entity-first') return void (refusal.value = problem)
    deciding.value = null
    conflict.value = problem
  }
  async function decide(decision: Decision): Promise<void> {
    const app = view.value?.application
    if (busy.value || !app) return
    busy.value = true
    const own = decision.text ? [{ code: ownWords, text: decision.text }] : []
    const body = {
      verdict: decision.verdict, reasons: decision.verdict === 'pass' ? [] : [...reasons.value, ...own], rev: app.rev, ...(decision.withEntity ? { with_entity: true } : {}),
    }
    const entity = view.value?.entity?.application
    try {
      if (decision.withEntity && entity?.state === 'waiting') await post(`/applications/${entity.id}/claim`)
      const decided = await post<Decided>(`/applications/${app.id}/decision`, body, { headers: { 'Idempotency-Key': keyOf(body) } })
      notes.value?.forget()
      deciding.value = null
      setLast({ title: app.title, name: app.name ?? '', id: app.id, decided })
      await router.push(nextOf(decided.neighbours ?? view.value?.neighbours))
    } catch (cause) {
      await refused(asProblem(cause))
    } finally {
      busy.value = false
    }
  }
  function again(): void {
    conflict.value = null
    void load(id.value)
  }
  return { busy, deciding, releasing, refusal, conflict, claim, release, open, decide, again }
}
