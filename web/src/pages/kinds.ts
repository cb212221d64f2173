import { computed } from 'vue'
import { actionTitle, type Choice } from '@/form/definition'
import { session } from '@/session'

/** 业务类型 to filter by: the businesses of the definitions. */
export const kindChoices = computed<Choice[]>(() => session.forms.map((form) => ({ value: form.kind, label: actionTitle(form.actions as Record<string, string>, 'create') || form.title })))
export const stateChoices: Choice[] = [
  { value: 'waiting', label: '待审核' }, { value: 'reviewing', label: '审核中' }, { value: 'returned', label: '退回补正' }, { value: 'passed', label: '审核通过' },
  { value: 'refused', label: '审核不通过' }, { value: 'withdrawn', label: '已撤销' }, { value: 'ended', label: '已终止' },
]
