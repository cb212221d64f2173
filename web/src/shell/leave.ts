import { asProblem } from '@/api/client'
import { logout } from '@/session'
import { toast } from '@/ui/toast'

export async function leave(): Promise<void> {
  try {
    if (!(await logout())) toast('还有内容没有保存到平台，请稍后再退出', { bad: true })
  } catch (cause) {
    const problem = asProblem(cause)
    if (problem.status === 401) location.assign('/')
    else toast(`没有退出：${problem.detail || problem.title}`, { bad: true })
  }
}
