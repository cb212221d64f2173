import { inject, provide, type InjectionKey } from 'vue'
import type { Notes } from './judgements'
import type { View } from './types'

// What the parts of the review page share.
export interface Review {
  view: View
  notes: Notes | null
  judging: boolean // this officer holds the claim and may give verdicts
  at: string | null // pointer of the current field
  url: (file: string) => string | undefined
  doubtful: (pointer: string) => boolean
  look: (pointer: string) => void
  focus: (pointer: string) => void
  show: (pointer: string, file: string) => void
  press: (pointer: string, verdict: 'pass' | 'mend') => void // a second press takes it back
  toggle: (pointer: string, code: string) => void
  say: (pointer: string, text: string) => void
}
const key: InjectionKey<Review> = Symbol('review')
export const provideReview = (review: Review) => provide(key, review)
export function useReview(): Review {
  const review = inject(key)
  if (!review) throw new Error('outside of a review')
  return review
}
