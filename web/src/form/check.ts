import type { Field } from './definition'
import { isEmpty } from './walk'

// Light checks while a person fills in; the server's answer decides. Keyed by the form language's names of formats.
interface Rule {
  test: (text: string) => boolean
  wrong: (text: string) => string
}
const digits = (text: string) => text.replace(/[\s-]/g, '')

const rules: Record<string, Rule> = {
  mobile: {
    test: (text) => /^(\+?86)?1\d{10}$/.test(digits(text)),
    wrong: (text) => `应为 11 位手机号码，您填写了 ${digits(text).length} 位。例如 186xxxxxxxx`,
  },
  phone: {
    test: (text) => /^\+?[\d\s()（）-]{3,30}$/.test(text.trim()), // hotlines are short: the server knows the rest
    wrong: () => '应为区号-固定电话号码，如: 010-xxxxxxxx,021-xxxxxxxx',
  },
  email: {
    test: (text) => /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(text.trim()),
    wrong: (text) => (text.includes('@') ? '@ 后面应为完整的域名，例如 name@example.com' : '缺少 @，例如 name@example.com'),
  },
  'id-card': {
    test: (text) => /^\d{17}[\dXx]$/.test(text.trim()),
    wrong: (text) => `应为 18 位居民身份证号码，您填写了 ${text.trim().length} 位。例如 11010519491231002X`,
  },
  uscc: {
    test: (text) => /^[0-9A-Za-z]{18}$/.test(text.trim()),
    wrong: (text) => `应为 18 位统一社会信用代码，您填写了 ${text.trim().length} 位。例如 91350100M000100Y43`,
  },
  url: {
    test: (text) => /^https?:\/\/[^\s/]+/i.test(text.trim()),
    wrong: () => '应以 http:// 或 https:// 开头，例如 https://www.test.com',
  },
  domain: {
    test: (text) => /^(?!.*\/)[^\s.]+(\.[^\s.]+)+\.?$/.test(text.trim()),
    wrong: (text) => (text.includes('/') ? '只填域名，不带 http:// 和路径，例如 test.com' : '应为完整的域名，例如 test.com'),
  },
  ip: {
    test: (text) => /^\d{1,3}(\.\d{1,3}){3}$/.test(text.trim()) || /^[0-9a-f:.]*:[0-9a-f:.]+$/i.test(text.trim()),
    wrong: () => '应为 IPv4 或 IPv6 地址，例如 1.2.3.4',
  },
  icp: {
    test: (text) => /[备證证]/.test(text) && /\d{4,}/.test(text),
    wrong: () => '应为工信部备案号，例如 京ICP备12345678号-1',
  },
}

const chosen = new Set(['choice', 'choices', 'region', 'date', 'term', 'period'])
const files = new Set(['picture', 'document'])

/** What stands below an empty required field. */
export function emptyText(field: Field, label: string): string {
  if (files.has(field.type)) return `请上传${label}`
  if (label.length > 12) return chosen.has(field.type) ? '请选择' : '请输入'
  return chosen.has(field.type) ? `请选择${label}` : `请输入${label}`
}

function tooLong(field: Field, text: string): string | null {
  const length = [...text].length
  if (typeof field.max === 'number' && length > field.max) return `最多 ${field.max} 个字，您填写了 ${length} 个`
  if (typeof field.min === 'number' && length < field.min) return `至少 ${field.min} 个字，您填写了 ${length} 个`
  return null
}

function checkNumber(field: Field, value: unknown): string | null {
  const number = Number(value)
  if (!Number.isFinite(number)) return '应为数字'
  if (typeof field.min === 'number' && number < field.min) return `不能小于 ${field.min}`
  if (typeof field.max === 'number' && number > field.max) return `不能大于 ${field.max}`
  return null
}

/** NULL: fine as far as the browser can tell. A masked value is the stored one and stays unchecked. */
export function checkValue(field: Field, value: unknown, label: string, documentType?: string): string | null {
  if (isEmpty(value)) return field.required ? emptyText(field, label) : null
  if (field.type === 'number') return checkNumber(field, value)
  if (typeof value !== 'string' || value.includes('**')) return null
  if (field.type === 'text' || field.type === 'note') {
    const long = tooLong(field, value)
    if (long) return long
  }
  const name = field.format_of ? ({ 'resident-id': 'id-card', uscc: 'uscc' } as Record<string, string>)[documentType ?? ''] : field.format
  const rule = name ? rules[name] : undefined
  return rule && !rule.test(value) ? rule.wrong(value) : null
}
