// Ready-made states for browser tests, made through the API with the page's own session.
import { api, login, person } from './browser.mjs'
import { png } from './form.mjs'

const ok = (answer, what) => {
  if (answer.status >= 300) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`)
  return answer.body
}

export async function picture(page, seed = 1) {
  return ok(await api(page, 'POST', '/files', png(900, 600, seed), { 'content-type': 'image/png', 'x-file-name': encodeURIComponent('照片.png') }), 'upload').id
}

export const DONGCHENG = '110101'
export const DONGCHENG_NAMES = ['北京市', '市辖区', '东城区']

// A complete document of an entity; `who` is a sandbox person.
export async function entityValues(page, who, nature = 'unit') {
  const [licence, front, back, held] = await Promise.all([1, 2, 3, 4].map((seed) => picture(page, seed)))
  const responsible = {
    fill: 'self', name: who.name, id_type: 'resident-id', id_no: who.id_no, id_until: '9999-12-31', region: DONGCHENG, address: '东华门街道竹影路7号',
    mobile: who.mobile, proof: 'file', id_front: front, id_back: back, id_held: held
  }
  if (nature === 'person') return { subject: { nature: 'person' }, responsible }
  return {
    subject: { nature: 'unit', subtype: who.subtype ?? 'enterprise' },
    unit: {
      fill: 'self', name: who.org_name ?? '东城望湖文旅有限公司', id_type: 'uscc', id_no: who.org_id_no ?? '91110108551385082Q', licence, legal_rep: who.legal_rep_name ?? '苏晚',
      office_region: DONGCHENG, office_address: '东华门街道望湖路18号', face_recognition: 'no', generative_ai: 'no'
    },
    responsible
  }
}

export async function websiteValues(page, who, more = {}) {
  const [certificate, front, back, held] = await Promise.all([5, 6, 7, 8].map((seed) => picture(page, seed)))
  const one = (name, id_no, mobile) => ({ fill: 'self', name, id_type: 'resident-id', id_no, id_until: '9999-12-31', mobile, proof: 'file', id_front: front, id_back: back, id_held: held })
  return {
    site: {
      name: who.site_name, icp: who.icp, opened: '2026-10-20', domain: who.domain, domain_certificate: certificate,
      certificate_period: { from: '2026-01-01', to: '2028-01-01' }, addresses: [Array.isArray(who.ip) ? who.ip[0] : who.ip], url: `https://www.${who.domain}/`, type: 'C', ...more.site
    },
    access: { scope: 'domestic', region: '330110', name: '阿里云计算有限公司', mode: 'virtual-space', ...more.access },
    registrar: { scope: 'domestic', region: '330110', name: '阿里云计算有限公司（原万网）', ...more.registrar },
    service: { interactive: 'no' },
    controlled: { goods: 'no', permit: 'no' },
    language: { languages: ['zh-hans'] },
    security_officer: one(who.name, who.id_no, who.mobile),
    emergency_contact: one(who.name, who.id_no, who.mobile)
  }
}

export const draft = async (page, body) => ok(await api(page, 'POST', '/drafts', body), 'draft').id
export const submit = async (page, id, confirm = []) => ok(await api(page, 'POST', '/applications', { draft: id, confirm }), 'submit')

// A fresh applicant, logged in on `page`, at `to`.
export async function applicant(page, kind = 'legal', to = '/home', more = {}) {
  const who = await person(kind, { region: DONGCHENG, ...more })
  await login(page, who, to)
  return who
}
// … with an entity submitted (waiting for its first business).
export async function withEntity(page, kind = 'legal', more = {}) {
  const who = await applicant(page, kind, '/home', more)
  const values = await entityValues(page, who, kind === 'legal' ? 'unit' : 'person')
  const application = await submit(page, await draft(page, { kind: 'entity', action: 'create', values }))
  const me = ok(await api(page, 'GET', '/me'), 'me')
  return { who, entity: me.entities[0].id, application }
}
// … and its first website submitted.
export async function withWebsite(page, kind = 'legal', more = {}) {
  const before = await withEntity(page, kind, more)
  const website = await submit(page, await draft(page, { kind: 'website', action: 'create', entity: before.entity, values: await websiteValues(page, before.who) }))
  return { ...before, website }
}

// A fresh officer of a unit with a browser profile of his own.
export async function officer(context, unit = DONGCHENG) {
  const own = await context.browser().newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  const page = await own.newPage()
  const who = await person('officer', { unit_code: unit })
  await login(page, who, '/review')
  return { page, who, context: own, close: () => own.close() }
}
export async function decide(desk, application, verdict, more = {}) {
  await api(desk.page, 'POST', `/applications/${application}/claim`, {})
  const view = ok(await api(desk.page, 'POST', `/review/applications/${application}/view`, {}), 'view')
  return ok(await api(desk.page, 'POST', `/applications/${application}/decision`, { verdict, reasons: [], rev: view.application.rev, ...more }), 'decision')
}
