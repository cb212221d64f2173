import { reactive } from 'vue'

// What the frame shows about the page that is open.
export interface Crumb {
  title: string
  to?: string
}
interface PageState {
  title: string
  crumbs: Crumb[]
  area: string
  item: string // path of the menu item to mark
  group: string // title of the menu group to open
  bar: boolean // the page has an action bar, which replaces the tabs on a phone
}
export const page = reactive<PageState>({ title: '', crumbs: [], area: '', item: '', group: '', bar: false })

export function setPage(next: Partial<PageState> & { title: string }): void {
  Object.assign(page, { crumbs: [], area: '', item: '', group: '', bar: false }, next)
  page.crumbs = page.crumbs.filter((crumb) => crumb.title) // an unknown page has no group
  document.title = `${next.title} - 全国互联网安全管理服务平台`
}
