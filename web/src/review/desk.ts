import { reactive, readonly } from 'vue'
import { asProblem, call, get, onUnauthorized, type Problem } from '@/api/client'
import { setServerNow } from '@/time'
import type { Decided, Officer } from './types'

// Who sits at the desk, and what was decided last (shown on the next page).
export interface Last {
  title: string
  name: string
  id: string
  decided: Decided
}
interface State {
  officer: Officer | null
  anonymous: boolean
  ended: boolean
  problem: Problem | null
  last: Last | null
}
const state = reactive<State>({ officer: null, anonymous: false, ended: false, problem: null, last: null })
export const desk = readonly(state)

export async function loadOfficer(): Promise<void> {
  try {
    const officer = await get<Officer>('/review/me')
    if (officer.now) setServerNow(officer.now)
    Object.assign(state, { officer, anonymous: false, ended: false, problem: null })
  } catch (cause) {
    const problem = asProblem(cause)
    state.anonymous = problem.status === 401
    state.problem = state.anonymous ? null : problem
  }
}

export function setLast(last: Last | null): void {
  state.last = last
}

export function loginAddress(): string {
  return '/review/login?return_to=' + encodeURIComponent(location.pathname + location.search)
}

const prefix = 'beian.review.'
export const notesKey = (application: string, version: number) => `${prefix}${application}.${version}`

export async function leaveDesk(): Promise<void> {
  await call('POST', '/review/logout', { body: {} })
  Object.keys(sessionStorage).filter((key) => key.startsWith(prefix)).forEach((key) => sessionStorage.removeItem(key))
  location.assign('/review')
}

onUnauthorized(() => {
  if (state.officer) state.ended = true
})
