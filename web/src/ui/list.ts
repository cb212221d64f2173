import { computed, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { asProblem, get, query, type Problem } from '@/api/client'
import type { Page } from '@/api/types'

/** A list whose filters and page stand in the address: a link and 后退 bring the same list. */
export function useList<T>(path: () => string | null, filters: string[], fixed: () => Record<string, string> = () => ({})) {
  const route = useRoute()
  const router = useRouter()
  const home = route.path
  const list = shallowRef<Page<T> | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const page = computed(() => Math.max(1, Number(route.query.page ?? 1) || 1))
  const size = computed(() => Math.max(1, Number(route.query.size ?? 10) || 10))
  const asked = computed(() => Object.fromEntries(filters.map((name) => [name, String(route.query[name] ?? '')])))

  async function load(): Promise<void> {
    const to = path()
    if (to === null || route.path !== home) return
    try {
      list.value = await get<Page<T>>(to + query({ ...fixed(), ...asked.value, page: page.value, size: size.value }))
      problem.value = null
    } catch (cause) {
      problem.value = asProblem(cause)
    }
  }
  function ask(next: Record<string, string | number | undefined>): void {
    const merged = { ...route.query, ...next }
    void router.push({ query: Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined && value !== '' && value !== null)) as Record<string, string> })
  }
  const turn = (to: number) => ask({ page: to === 1 ? undefined : to })
  const resize = (to: number) => ask({ size: to === 10 ? undefined : to, page: undefined })
  watch(() => [path(), route.query], () => void load(), { immediate: true, deep: true })
  return { list, problem, page, size, asked, load, ask, turn, resize }
}
