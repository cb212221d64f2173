import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/review',
    component: () => import('./Desk.vue'),
    children: [
      { path: '', component: () => import('./QueuePage.vue'), meta: { title: '待办 - 审核工作台' } },
      { path: ':id', component: () => import('./ReviewPage.vue'), meta: { title: '审核 - 审核工作台' } },
      { path: ':rest(.*)*', component: () => import('./MissingPage.vue'), meta: { title: '没有找到' } },
    ],
  },
]
export default routes
