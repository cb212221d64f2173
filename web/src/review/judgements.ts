import { reactive, watch } from 'vue'
import { notesKey } from './desk'
import { explained, type Judgement, type Judgements } from './judge'

// Verdicts of one version of one application. Kept in this tab until the decision: a reload or a lost session loses nothing.
export interface Notes {
  all: Judgements
  pass: (pointer: string) => void
  mend: (pointer: string) => void
  clear: (pointer: string) => void
  toggle: (pointer: string, code: string) => void
  say: (pointer: string, text: string) => void
  forget: () => void
}

function kept(key: string): Judgements {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Judgements
  } catch {
    return {}
  }
}

export function openNotes(application: string, version: number): Notes {
  const key = notesKey(application, version)
  const all = reactive<Judgements>(kept(key))
  const stop = watch(all, () => sessionStorage.setItem(key, JSON.stringify(all)), { deep: true })
  const at = (pointer: string): Judgement => (all[pointer] ??= { verdict: 'mend', codes: [], text: '' })
  return {
    all,
    pass: (pointer) => void (at(pointer).verdict = 'pass'), // the words stay, should the officer change his mind
    mend: (pointer) => void (at(pointer).verdict = 'mend'),
    clear: (pointer) => void delete all[pointer],
    toggle: (pointer, code) => {
      const one = at(pointer)
      one.codes = one.codes.includes(code) ? one.codes.filter((each) => each !== code) : [...one.codes, code]
    },
    say: (pointer, text) => void (at(pointer).text = text),
    forget: () => {
      stop()
      sessionStorage.removeItem(key)
    },
  }
}

export const needsWords = (judgement: Judgement | undefined): boolean => judgement?.verdict === 'mend' && !explained(judgement)
