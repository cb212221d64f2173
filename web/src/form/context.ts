import { inject, provide, type InjectionKey } from 'vue'
import type { FieldError } from '@/api/client'
import type { FileInfo, Files } from '@/api/types'
import type { Definition, Lists, Texts, Values } from './definition'
import type { Regions } from './forms'

export type Mode = 'edit' | 'read' | 'compare' | 'review'

export interface FormContext {
  definition: Definition
  lists: Lists
  texts: Texts
  values: Values
  before: Values | null
  mode: Mode
  account: string // kind of the account: which ways it may choose
  entity: Values | null
  filled: Record<string, string>
  files: Files
  errors: Record<string, FieldError>
  confirmed: Set<string>
  regions: Regions | null
  fileUrl: (id: string) => string
  set: (pointer: string, value: unknown) => void
  leave: (pointer: string) => void
  addFile: (file: FileInfo & { id: string }) => void
  confirm: (pointer: string, yes: boolean) => void
}

const key: InjectionKey<FormContext> = Symbol('form')
export const provideForm = (context: FormContext) => provide(key, context)
export function useForm(): FormContext {
  const context = inject(key)
  if (!context) throw new Error('a field outside of a form')
  return context
}

export const domId = (pointer: string) => 'field' + pointer.replace(/[^A-Za-z0-9_-]/g, '-')
