// How long an application waits; the service target is 20 working days, about 28 days.
export function ageWords(days: number): string {
  return days <= 0 ? '今天提交' : `${days} 天`
}
export function ageTone(days: number): '' | 'amber' | 'red' {
  if (days >= 28) return 'red'
  return days >= 21 ? 'amber' : ''
}
