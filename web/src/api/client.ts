// The one way to the server: JSON in and out, every failure is a Problem.
export interface FieldError {
  pointer: string
  code: string
  detail: string
}

export class Problem extends Error {
  readonly type: string
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly body: Record<string, unknown> = {},
    readonly retryAfter: number | null = null,
  ) {
    super(detail || title)
    this.type = String(body.type ?? '').replace('/problems/', '')
  }
  get errors(): FieldError[] {
    return (this.body.errors as FieldError[] | undefined) ?? []
  }
  get offline(): boolean {
    return this.status === 0
  }
}

export function asProblem(cause: unknown): Problem {
  if (cause instanceof Problem) return cause
  return new Problem(-1, '页面出错了', '请刷新页面再试。已填写的内容保存在草稿里。', { cause: String(cause) })
}

const listeners: ((problem: Problem) => void)[] = []
/** Called when the server says that nobody is logged in. */
export function onUnauthorized(listener: (problem: Problem) => void): void {
  listeners.push(listener)
}

const titles: Record<number, string> = {
  401: '登录已过期',
  403: '没有权限',
  404: '没有找到',
  413: '内容过大',
  429: '操作过于频繁',
  503: '平台暂时没有响应',
}

export async function problemOf(status: number, text: string, retryAfter: string | null): Promise<Problem> {
  let body: Record<string, unknown> = {}
  try {
    body = JSON.parse(text) as Record<string, unknown>
  } catch {
    // Not from our server: a proxy's page. The status must do.
  }
  const title = String(body.title ?? titles[status] ?? '平台暂时没有响应')
  const problem = new Problem(status, title, String(body.detail ?? ''), body, retryAfter ? Number(retryAfter) || null : null)
  if (status === 401) listeners.forEach((listener) => listener(problem))
  return problem
}

let tag = ''
/** From now on calls are for this account only: when another one logs in, they get 401 and not its data. */
export function actFor(next: string): void {
  tag = next
}
export const forHeader = (): Record<string, string> => (tag ? { 'X-Beian-For': tag } : {})

export interface Answer<T> {
  body: T
  etag: string | null
  status: number
}

interface Options {
  body?: unknown
  headers?: Record<string, string>
  keepalive?: boolean
  signal?: AbortSignal
  quiet?: boolean
}

export async function call<T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: 'application/json', ...forHeader(), ...options.headers }
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  let response: Response
  try {
    response = await fetch('/api/v1' + path, {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      credentials: 'same-origin',
      keepalive: options.keepalive,
      signal: options.signal,
    })
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new Problem(0, '网络已断开', '请检查网络连接后再试')
  }
  const text = await response.text()
  if (!response.ok) throw await problemOf(response.status, text, response.headers.get('Retry-After'))
  return {
    body: (text ? JSON.parse(text) : {}) as T,
    etag: response.headers.get('ETag'),
    status: response.status,
  }
}

export const get = async <T>(path: string, options?: Options): Promise<T> => (await call<T>('GET', path, options)).body
export const post = async <T>(path: string, body: unknown = {}, options?: Options): Promise<T> =>
  (await call<T>('POST', path, { ...options, body })).body
export const remove = async (path: string): Promise<void> => void (await call('DELETE', path))

/** "?a=b" of what is set; empty when nothing is. */
export function query(values: Record<string, string | number | undefined | null>): string {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return set.length ? '?' + new URLSearchParams(set.map(([key, value]) => [key, String(value)])).toString() : ''
}
