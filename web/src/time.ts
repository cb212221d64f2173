// Every time on the pages is Asia/Shanghai's, whatever the computer's zone; "now" is the server's.
const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai', hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
})

let ahead = 0
export function setServerNow(iso: string): void {
  const server = Date.parse(iso)
  if (!Number.isNaN(server)) ahead = server - Date.now()
}
export const now = (): Date => new Date(Date.now() + ahead)

function pieces(time: string | Date): Record<string, string> {
  const date = typeof time === 'string' ? new Date(time) : time
  if (Number.isNaN(date.getTime())) return {}
  return Object.fromEntries(parts.formatToParts(date).map((part) => [part.type, part.value]))
}

export function day(time: string | Date | null | undefined): string {
  if (!time) return ''
  if (typeof time === 'string' && /^\d{4}-\d\d-\d\d$/.test(time)) return time
  const p = pieces(time)
  return p.year ? `${p.year}-${p.month}-${p.day}` : ''
}
export function clock(time: string | Date | null | undefined): string {
  if (!time) return ''
  const p = pieces(time)
  return p.hour ? `${p.hour}:${p.minute}` : ''
}
export function dayTime(time: string | Date | null | undefined): string {
  const date = day(time)
  return date && time ? `${date} ${clock(time)}` : ''
}
export function monthDay(time: string | null | undefined): string {
  const [, month, date] = day(time).split('-')
  return month ? `${Number(month)}月${Number(date)}日` : ''
}
export function longDay(time: Date): string {
  const [year, month, date] = day(time).split('-')
  return `${year}年${Number(month)}月${Number(date)}日`
}
export function minutesLeft(until: string | null | undefined, at: Date = now()): number {
  return until ? Math.max(0, Math.ceil((Date.parse(until) - at.getTime()) / 60_000)) : 0
}
export function daysLeft(until: string | null | undefined, at: Date = now()): number {
  return until ? Math.max(0, Math.ceil((Date.parse(until) - at.getTime()) / 86_400_000)) : 0
}
export function greeting(at: Date = now()): string {
  const hour = Number(pieces(at).hour)
  if (hour < 6) return '夜深了'
  if (hour < 12) return '上午好'
  return hour < 18 ? '下午好' : '晚上好'
}
