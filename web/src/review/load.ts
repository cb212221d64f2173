import { computed, ref, shallowRef } from 'vue'
import { asProblem, call, type Problem } from '@/api/client'
import type { Form } from '@/api/types'
import { loadForm } from '@/form/forms'
import { itemsOf, picturesOf, type Item, type Picture } from './judge'
import { openNotes, type Notes } from './judgements'
import { usePictures } from './pictures'
import type { View } from './types'

export interface Tab {
  key: string
  title: string
  kind: 'step' | 'entity' | 'history'
  items: Item[]
}

/** One application with its definitions, pictures and notes. Each look is on record, so it is loaded once and after acts. */
export function useApplication() {
  const view = shallowRef<View | null>(null)
  const form = shallowRef<Form | null>(null)
  const entityForm = shallowRef<Form | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const notes = shallowRef<Notes | null>(null)
  const loading = ref(false)
  const pictures = usePictures()
  let asked = 0

  async function load(id: string): Promise<void> {
    const turn = (asked += 1)
    loading.value = true
    if (view.value?.application.id !== id) view.value = problem.value = null
    try {
      const seen = (await call<View>('POST', `/review/applications/${encodeURIComponent(id)}/view`)).body
      const own = await loadForm(seen.application.kind, seen.form_version)
      const entity = seen.entity ? await loadForm(seen.entity.kind, seen.entity.form_version) : null
      if (turn !== asked) return
      const { version } = seen.application
      if (view.value?.application.id !== id || view.value.application.version !== version) notes.value = openNotes(id, version)
      form.value = own
      entityForm.value = entity
      view.value = seen
      problem.value = null
      void pictures.load(seen.files)
    } catch (cause) {
      if (turn === asked && asProblem(cause).status !== 401) problem.value = asProblem(cause)
    } finally {
      if (turn === asked) loading.value = false
    }
  }

  const items = computed<Item[]>(() => (view.value && form.value ? itemsOf(form.value.definition, view.value.values, view.value.entity?.values) : []))
  const tabs = computed<Tab[]>(() => {
    const steps = (form.value?.definition.steps ?? []).map((step): Tab => ({
      key: step.key, title: step.title, kind: step.shows === 'entity' ? 'entity' : 'step', items: items.value.filter((item) => item.step === step.key),
    }))
    return [...steps.filter((tab) => tab.items.length || (tab.kind === 'entity' && view.value?.entity)), { key: '~history', title: '历史记录', kind: 'history', items: [] }]
  })
  const shownPictures = computed<Picture[]>(() => {
    const { files = {}, differences, entity } = view.value ?? {}
    const entityItems = entityForm.value && entity ? itemsOf(entityForm.value.definition, entity.values) : []
    return [...picturesOf(items.value, files, differences), ...picturesOf(entityItems, files)]
  })
  /** Files for the renderer, with addresses that do not run out. */
  const files = computed(() => Object.fromEntries(Object.entries(view.value?.files ?? {}).map(([id, file]) => [id, { ...file, url: pictures.urls[id] }])))

  return { view, form, entityForm, problem, notes, loading, pictures, items, tabs, shownPictures, files, load }
}
