// The first filing's steps, for tests: complete values of an entity and of a web site, drafts, submits, review.
import { status, Failure } from './check.mjs';
import { upload } from './png.mjs';

export const pages = async (client) => {
  const [front, back, held] = await Promise.all(['人像面.png', '国徽面.png', '手持.png'].map((name) => upload(client, name)));
  return { proof: 'file', id_front: front, id_back: back, id_held: held };
};

export async function personValues(client, extra = {}) {
  const { name, id_no, mobile } = client.who;
  return { fill: 'self', name, id_type: 'resident-id', id_no, id_until: '9999-12-31', mobile, ...(await pages(client)), ...extra };
}

// Complete values of the entity of whoever is logged in: an organisation's or a person's.
export async function entityValues(client, region = client.who.region) {
  const responsible = await personValues(client, { region, address: '景山街道景山前街 2 号' });
  if (client.who.kind === 'person') return { subject: { nature: 'person' }, responsible };
  return {
    subject: { nature: 'unit', subtype: client.who.subtype },
    unit: { fill: 'account', licence: await upload(client, '执照.png'), office_region: region, office_address: '东华门街道南池子大街 1 号', face_recognition: 'no', generative_ai: 'no' },
    responsible,
  };
}

export async function websiteValues(client, over = {}) {
  const { who } = client;
  const person = await personValues(client);
  const { name, id_type, id_no, id_until, mobile, ...proof } = person;
  return {
    site: {
      name: who.site_name, icp: who.icp, opened: '2026-11-02', type: 'A', domain: who.domain, url: `https://www.${who.domain}`, addresses: who.ip,
      domain_certificate: await upload(client, '域名证书.png'), certificate_period: { from: '2026-10-01', to: '2030-10-01' }, ...over,
    },
    access: { scope: 'domestic', region: '110101', name: '北京示例云计算有限公司', mode: 'rented-host' },
    registrar: { scope: 'domestic', region: '110101', name: '北京示例域名有限公司' },
    service: { interactive: 'no' },
    controlled: { goods: 'no', permit: 'no' },
    language: { languages: ['zh-hans'] },
    security_officer: { ...proof, fill: 'responsible' },
    emergency_contact: person,
  };
}

export async function newDraft(client, kind, values, entity, action = 'create') {
  return status(await client.api('POST', '/drafts', { kind, action, entity, values }), 201, `draft of ${kind}`).json.id;
}

export const draftOf = async (client, id) => status(await client.api('GET', `/drafts/${id}`), 200, 'draft').json;

export async function saveDraft(client, id, change) {
  const got = status(await client.api('GET', `/drafts/${id}`), 200, 'draft');
  change(got.json.values);
  return client.api('PUT', `/drafts/${id}`, { values: got.json.values }, { 'if-match': got.headers.etag });
}

export const submit = (client, draft, headers = {}) => client.api('POST', '/applications', { draft }, headers);
export const withdraw = (client, id) => client.api('POST', `/applications/${id}/withdraw`);
export const claim = (officer, id) => officer.api('POST', `/applications/${id}/claim`);
export const release = (officer, id, body = {}) => officer.api('POST', `/applications/${id}/release`, body);
export const view = async (officer, id) => status(await officer.api('POST', `/review/applications/${id}/view`), 200, 'view').json;
export const application = async (client, id) => status(await client.api('GET', `/applications/${id}`), 200, 'application').json;

// Decides on what was just seen.
export async function decide(officer, id, verdict, { reasons, ...more } = {}) {
  const { application: seen } = await view(officer, id);
  reasons ??= verdict === 'pass' ? [] : [reason(seen.kind === 'entity' ? '/responsible/address' : '/site/name')];
  return officer.api('POST', `/applications/${id}/decision`, { verdict, reasons, rev: seen.rev, ...more });
}
export const reason = (pointer = '/site/name', text = '网站名称与工信部备案的服务名称不一致，请按工信部备案的名称填写。') => ({ pointer, code: 'title-differs', text });

// A submitted entity: {entity, entityApplication}.
export async function anEntity(client) {
  const entity = await newDraft(client, 'entity', await entityValues(client));
  const answer = status(await submit(client, entity), 201, 'submit entity');
  return { entity, entityApplication: answer.json.id };
}

// A submitted web site of it: {filing, siteApplication}.
export async function aSite(client, entity, over) {
  const filing = await newDraft(client, 'website', await websiteValues(client, over), entity);
  const answer = status(await submit(client, filing), 201, 'submit website');
  return { filing, siteApplication: answer.json.id };
}

export async function both(client) {
  const first = await anEntity(client);
  return { ...first, ...(await aSite(client, first.entity)) };
}

// Both passed: with {number}.
export async function passed(client, officer) {
  const ids = await both(client);
  status(await claim(officer, ids.siteApplication), 200, 'claim');
  const answer = status(await decide(officer, ids.siteApplication, 'pass', { with_entity: true }), 200, 'pass');
  return { ...ids, number: answer.json.number };
}

let serial = 0;
// A domain that nobody has yet.
export const freshDomain = () => `t${Date.now().toString(36)}${process.pid.toString(36)}${(serial++).toString(36)}.cn`;

export async function noticesOf(client) {
  return status(await client.api('GET', '/notices?size=100'), 200, 'notices').json.items;
}

// Runs all at once; the answers by status.
export async function atOnce(calls) {
  const answers = await Promise.all(calls.map((call) => call()));
  const count = {};
  for (const { status: s } of answers) count[s] = (count[s] || 0) + 1;
  if (count[500]) throw new Failure(`500: ${answers.find((one) => one.status === 500).text}`);
  return { answers, count };
}
