// The cast: people, organisations with those who act for them, officers.
import { randomBytes, randomInt } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { Journal } from './state.mjs';
import { firstHalf, given, place, secondHalf, subtypes, surnames } from './names.mjs';
import * as numbers from './numbers.mjs';

const READY = [
  { kind: 'person', region: '110101', name: '沈知秋' },
  { kind: 'person', region: '110108', name: '王闻笛' },
  { kind: 'person', region: '330110', name: '林知远' },
  { kind: 'legal', subtype: 'government', region: '110101', name: '陈景行' },
  { kind: 'legal', subtype: 'institution', region: '110108', name: '苏静姝' },
  { kind: 'legal', subtype: 'university', region: '330110', name: '何明德' },
  { kind: 'legal', subtype: 'enterprise', region: '330110', name: '周怀瑾', second: '吕清和' },
  { kind: 'officer', region: '110101', name: '郑国栋' },
  { kind: 'officer', region: '110108', name: '韩晓岚' },
  { kind: 'officer', region: '330110', name: '叶志强' },
];

const refuse = (sentence) => Object.assign(new Error(sentence), { refused: true });
const sub = (kind) => `${kind}-${randomBytes(8).toString('hex')}`;
const personName = () => numbers.pick(surnames) + numbers.pick(given);

export class People {
  // names: the Dns of ready domains.
  constructor(config, names) {
    this.journal = new Journal(config.state, 'people');
    this.names = names;
    this.bySub = new Map();
    this.byDomain = new Map();
    this.mobiles = new Set();
    this.journal.records.forEach((one) => this.index(one));
    if (!this.bySub.size) this.firstCast();
  }

  firstCast() {
    for (const { second, ...wanted } of READY) {
      const one = this.make(wanted, true);
      if (second) this.make({ kind: 'legal', name: second, org_id_no: one.org_id_no }, true);
    }
  }

  index(one) {
    this.bySub.set(one.sub, one);
    this.mobiles.add(one.mobile);
    if (!one.domain || this.byDomain.has(one.domain)) return;
    this.byDomain.set(one.domain, one);
    this.names.register(one.domain, { a: one.ip, aaaa: one.ipv6 });
    this.names.register(`www.${one.domain}`, { cname: one.domain });
  }

  all() {
    return [...this.bySub.values()];
  }

  find(id) {
    return this.bySub.get(id);
  }

  // wanted: {kind, region?, subtype?, unit_code?, name?, org_id_no?}. Throws an error with .refused
  // and one sentence when the wish makes no sense.
  make(wanted, ready = false) {
    const { kind } = wanted;
    const maker = { person: this.person, legal: this.legal, officer: this.officer }[kind];
    if (!maker) throw refuse('kind 应为 person、legal 或 officer。');
    if (wanted.name !== undefined && !/^[\p{L}·]{2,40}$/u.test(wanted.name)) throw refuse('name 应为 2 至 40 个字。');
    const where = place(String(wanted.region ?? wanted.unit_code ?? '110101'));
    if (!where) throw refuse('region 应为六位行政区划代码。');
    const one = { sub: sub(kind), kind, ready, name: wanted.name || personName(), ...maker.call(this, wanted, where) };
    this.journal.add(one);
    this.index(one);
    return one;
  }

  identity(where) {
    return { id_type: 'resident-id', id_no: numbers.idCard(where.code), mobile: this.freshMobile(), region: where.code, region_name: where.name };
  }

  freshMobile() {
    for (;;) {
      const mobile = numbers.mobile();
      if (!this.mobiles.has(mobile)) return mobile;
    }
  }

  site(where, suffix, title) {
    for (;;) {
      const [a, b] = [numbers.pick(firstHalf), numbers.pick(secondHalf)];
      const domain = `${a[1]}-${b[1]}-${randomInt(36 ** 4).toString(36).padStart(4, '0')}.${suffix}`;
      if (this.byDomain.has(domain)) continue;
      const word = a[0] + b[0];
      return { word, domain, ip: [numbers.ipv4(), numbers.ipv4()], ipv6: [numbers.ipv6()], site_name: title(word), icp: numbers.icp(where.short) };
    }
  }

  person(wanted, where) {
    const { word, ...site } = this.site(where, 'cn', (made) => `${made}随笔`);
    return { ...this.identity(where), ...site };
  }

  legal(wanted, where) {
    const known = wanted.org_id_no && this.all().find((one) => one.org_id_no === wanted.org_id_no);
    if (wanted.org_id_no && !known) throw refuse('没有这个信用代码的单位。');
    if (known) {
      const { region, region_name, subtype, org_name, org_id_type, org_id_no, legal_rep_name, domain, ip, ipv6, site_name, icp } = known;
      const own = this.identity(place(region));
      return { ...own, region, region_name, subtype, org_name, org_id_type, org_id_no, legal_rep_name, domain, ip, ipv6, site_name, icp };
    }
    const key = wanted.subtype || 'enterprise';
    if (!Object.hasOwn(subtypes, key)) throw refuse(`subtype 应为 ${Object.keys(subtypes).join('、')}。`);
    const type = subtypes[key];
    const { word, ...site } = this.site(where, type.suffix, type.site);
    const organisation = {
      subtype: key, org_name: type.name(where, word), org_id_type: 'uscc', org_id_no: numbers.uscc(type.department, where.code), legal_rep_name: personName(),
    };
    return { ...this.identity(where), ...organisation, ...site };
  }

  officer(wanted, where) {
    const code = String(wanted.unit_code ?? where.code);
    if (!/^\d{6}$/.test(code)) throw refuse('unit_code 应为六位数字。');
    const unit = place(code) || where;
    return { unit_code: code, unit_name: unit.unit, region: where.code, region_name: where.name, roles: wanted.roles || ['reviewer'] };
  }

  // The site of a host name, www or not; undefined when it is not ready.
  siteOf(host) {
    return this.byDomain.get(domainToASCII(host).replace(/^www\./, ''));
  }
}
