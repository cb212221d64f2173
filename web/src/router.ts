import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { asProblem } from './api/client'
import { loginAddress, start } from './session'

const page = (title: string, area: string, more: Record<string, unknown> = {}) => ({ title, area, ...more })

const routes: RouteRecordRaw[] = [
  { path: '/home', component: () => import('./pages/HomePage.vue'), meta: page('首页', 'home') },
  { path: '/business', component: () => import('./pages/BusinessPage.vue'), meta: page('业务办理', 'business') },
  { path: '/business/later/:title', component: () => import('./pages/LaterPage.vue'), meta: page('', 'business') },
  { path: '/business/:kind/:action', component: () => import('./pages/LaterPage.vue'), meta: page('', 'business') },
  { path: '/my', redirect: '/my/applications' },
  { path: '/my/drafts', component: () => import('./pages/DraftsPage.vue'), meta: page('我的草稿', 'my') },
  { path: '/my/applications', component: () => import('./pages/ApplicationsPage.vue'), meta: page('我的申请', 'my') },
  { path: '/my/entity', component: () => import('./pages/EntityPage.vue'), meta: page('我的主体', 'my') },
  { path: '/my/filings/:kind', component: () => import('./pages/FilingsPage.vue'), meta: page('', 'my') },
  { path: '/my/later/:title', component: () => import('./pages/LaterPage.vue'), meta: page('', 'my') },
  { path: '/entity/new', component: () => import('./pages/DraftPage.vue'), meta: page('', 'business', { subject: 'entity' }) },
  { path: '/filing/:kind/new', component: () => import('./pages/DraftPage.vue'), meta: page('', 'business') },
  { path: '/filing/:kind/:id', component: () => import('./pages/FilingPage.vue'), meta: page('', 'my') },
  { path: '/draft/:id', component: () => import('./pages/DraftPage.vue'), meta: page('', 'business') },
  { path: '/application/:id', component: () => import('./pages/ApplicationPage.vue'), meta: page('申请详情', 'my') },
  { path: '/notices', component: () => import('./pages/NoticesPage.vue'), meta: page('系统通知', 'notices') },
  { path: '/:rest(.*)*', component: () => import('./pages/MissingPage.vue'), meta: page('没有找到', '') },
]

/** The review desk brings its own pages and frame. */
const desk = import.meta.glob<{ default: RouteRecordRaw[] }>('./review/routes.ts')

export const router = createRouter({
  history: createWebHistory(),
  routes,
  // A new form that became a draft is the same page under another address: it must not jump while somebody types.
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path || (from.path.endsWith('/new') && to.path.startsWith('/draft/')) ? undefined : { top: 0 }),
})

let deskAdded = false
router.beforeEach(async (to) => {
  if (to.path === '/review' || to.path.startsWith('/review/')) {
    if (deskAdded) return true
    const load = desk['./review/routes.ts']
    deskAdded = true
    if (!load) return true
    for (const route of (await load()).default) router.addRoute({ ...route, meta: { bare: true, ...route.meta } })
    return to.fullPath
  }
  try {
    await start()
  } catch (cause) {
    if (asProblem(cause).status !== 401) return true // the frame shows what is wrong and retries
    location.assign('/login?return_to=' + encodeURIComponent(to.fullPath))
    return false
  }
  return true
})
router.afterEach((to) => {
  document.title = to.meta.title ? `${String(to.meta.title)} - 全国互联网安全管理服务平台` : '全国互联网安全管理服务平台'
})
router.onError((cause: unknown) => {
  if (asProblem(cause).status === 401) location.assign(loginAddress())
})
