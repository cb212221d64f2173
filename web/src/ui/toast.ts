import { shallowReactive } from 'vue'

export interface Toast {
  id: number
  text: string
  bad: boolean
  link?: { text: string; to: string }
}
export const toasts = shallowReactive<Toast[]>([])
let last = 0

export function toast(text: string, options: { bad?: boolean; link?: Toast['link'] } = {}): void {
  const one: Toast = { id: (last += 1), text, bad: options.bad ?? false, link: options.link }
  toasts.push(one)
  setTimeout(() => drop(one.id), 4000)
}
export function drop(id: number): void {
  const at = toasts.findIndex((each) => each.id === id)
  if (at < 0) return
  if (document.querySelector(`[data-toast="${id}"]:is(:hover, :focus-within)`)) setTimeout(() => drop(id), 1500)
  else toasts.splice(at, 1)
}
