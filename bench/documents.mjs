// Complete documents for the measured submissions; about 3 KB a website.
const text = (words, n) => words.repeat(Math.ceil(n / words.length)).slice(0, n)

// An organisation that fills from its account; `files` are ids of seven pictures.
export function entity(who, files) {
  return {
    subject: { nature: 'unit', subtype: 'enterprise' },
    unit: {
      fill: 'account', licence: files[0], office_region: '110101', office_address: text('东华门街道东长安街一号院', 40), registered_region: '110101',
      registered_address: text('东华门街道东长安街一号院', 40), face_recognition: 'no', generative_ai: 'no'
    },
    responsible: {
      fill: 'self', name: '王小明', id_type: 'resident-id', id_no: who.id_no, id_until: '2039-12-31', region: '110101', address: text('东华门街道', 30),
      mobile: '13800138000', phone: '010-65120000', email: 'wang@example.com', proof: 'file', id_front: files[1], id_back: files[2], id_held: files[3]
    }
  }
}

function person(who, files, fill) {
  const own = { name: '李晓华', id_type: 'resident-id', id_no: who.id_no, id_until: '2039-12-31', mobile: '13900139000', email: 'li.xiaohua@example.com' }
  return { fill, ...(fill === 'self' ? own : {}), proof: 'file', id_front: files[0], id_back: files[1], id_held: files[2] }
}

export function website(n, who, files) {
  return {
    site: {
      name: text(`测试网站${n}号站点`, 58), icp: `京ICP备2026${String(100000 + (n % 800000)).slice(0, 6)}号-${1 + Math.floor(n / 800000)}`, opened: '2026-01-15', type: 'E', domain: `bench-${n}.com`,
      url: `https://www.bench-${n}.com/${text('path/', 270)}`, other_domains: [`bench-${n}.net`],
      addresses: Array.from({ length: 50 }, (_, i) => `47.${96 + (i % 20)}.${n % 250}.${1 + i}`), domain_certificate: files[0],
      certificate_period: { from: '2025-01-01', to: '2035-01-01' }, value: 1200, monthly_users: 56000
    },
    access: { scope: 'domestic', region: '110101', name: text('北京某某云计算有限公司', 95), mode: 'virtual-space', phone: '010-65120000', code: 'MA01ABCD1' },
    registrar: { scope: 'domestic', region: '110101', name: text('北京某某域名注册有限公司', 95) },
    service: { interactive: 'no' },
    controlled: { goods: 'no', permit: 'no' },
    language: { languages: ['zh-hans', 'en', 'fr', 'es', 'de', 'ja', 'ru', 'ar', 'ko'] },
    security_officer: person(who, files.slice(1, 4), 'responsible'),
    emergency_contact: person(who, files.slice(4, 7), 'self')
  }
}
