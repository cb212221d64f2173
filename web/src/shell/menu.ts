import { computed } from 'vue'
import type { FormItem } from '@/api/types'
import { actionTitle } from '@/form/definition'
import { session } from '@/session'

// The manual's menu in its order. What is already there comes from the definitions by their titles; the rest says that it comes later.
export interface MenuItem {
  title: string
  to: string
  later?: boolean
  needsEntity?: boolean
}
export interface MenuGroup {
  title: string
  icon: string
  area: string
  items: MenuItem[]
}

const mine = ['我的网站', '我的服务商', '我的APP', '我的小程序', '我的应用市场']
const words: [string, string, string[]][] = [
  ['开办主体管理', 'shield', ['新增主体', '变更主体', '注销主体', '移交主体', '接收主体']],
  ['网站业务', 'globe', ['新办网站申请', '变更网站', '注销网站']],
  ['APP业务', 'app', ['新办APP申请', '变更APP', '注销APP']],
  ['小程序业务', 'mini', ['新办小程序申请', '变更小程序', '注销小程序']],
  ['服务商业务', 'server', ['新办服务商申请', '变更服务商', '注销服务商']],
  ['应用市场业务', 'store', ['新办应用市场申请', '变更应用市场', '注销应用市场']],
  ['安全评估', 'file', ['新办安全评估']],
]

export function newAddress(form: FormItem): string {
  return form.subject === 'entity' ? '/entity/new' : `/filing/${form.kind}/new`
}

function entryAddress(form: FormItem, title: string): string | null {
  const action = form.menu?.entries.find((entry) => entry.title === title)?.action
  if (!action) return null
  return action === 'create' ? newAddress(form) : `/business/${form.kind}/${action}`
}

function item(title: string, forms: readonly FormItem[], under: string): MenuItem {
  for (const form of forms) {
    const to = entryAddress(form, title)
    if (to) return { title, to, later: !to.endsWith('/new'), needsEntity: form.subject !== 'entity' }
  }
  return { title, to: `/${under}/later/${encodeURIComponent(title)}`, later: true, needsEntity: true }
}

/** Groups of the manual first; a business that the manual does not have brings its own group. */
export function groupsOf(forms: readonly FormItem[]): MenuGroup[] {
  const known = words.map(([title, icon, items]): MenuGroup => {
    const own = forms.filter((form) => form.menu?.title === title).flatMap((form) => form.menu!.entries.map((entry) => entry.title))
    const all = [...new Set([...items, ...own])]
    return { title, icon, area: 'business', items: all.map((each) => item(each, forms, 'business')) }
  })
  const others = [...new Set(forms.map((form) => form.menu?.title).filter((title): title is string => !!title && !words.some(([each]) => each === title)))]
  return [...known, ...others.map((title): MenuGroup => ({
    title, icon: 'file', area: 'business',
    items: forms.filter((form) => form.menu?.title === title).flatMap((form) => form.menu!.entries.map((entry) => item(entry.title, forms, 'business'))),
  }))]
}

export function mineOf(forms: readonly FormItem[]): MenuGroup {
  const filings = forms.filter((form) => form.subject === 'filing')
  const extra = filings.map((form) => `我的${form.title}`).filter((title) => !mine.includes(title))
  return {
    title: '我的', icon: 'user', area: 'my',
    items: [
      { title: '我的草稿', to: '/my/drafts' }, { title: '我的申请', to: '/my/applications' }, { title: '我的主体', to: '/my/entity' },
      ...[...mine, ...extra].map((title): MenuItem => {
        const form = filings.find((each) => `我的${each.title}` === title)
        return form ? { title, to: `/my/filings/${form.kind}` } : { title, to: `/my/later/${encodeURIComponent(title)}`, later: true }
      }),
    ],
  }
}

export const businessMenu = computed(() => groupsOf(session.forms as readonly FormItem[]))
export const menu = computed<MenuGroup[]>(() => [mineOf(session.forms as readonly FormItem[]), ...businessMenu.value])

export function formOf(kind: string): FormItem | undefined {
  return (session.forms as readonly FormItem[]).find((form) => form.kind === kind)
}
export const entityForm = computed(() => (session.forms as readonly FormItem[]).find((form) => form.subject === 'entity'))
/** How the manual's menu calls this action of this business (新办网站申请), else the list's word (新办网站). */
export function entryTitle(form: FormItem | undefined, action: string): string {
  return form?.menu?.entries.find((entry) => entry.action === action)?.title ?? actionTitle(form?.actions, action)
}
