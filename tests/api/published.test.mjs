// What a passed filing makes public, on the page and by API; what it keeps; pictures of the application at the officer's desk.
import { test, finish, person, officer, request, status, problem, check, equal, match, URL } from './lib/index.mjs'
import { anEntity, aSite, passed, claim, decide, view, application, freshDomain } from './lib/filing.mjs'

const region = '110101'
const get = (path) => request('GET', URL + path)
const q = encodeURIComponent
const desk = await officer(region)
const found = async (text, more = '') => status(await get(`/api/v1/register?q=${q(text)}${more}`), 200, text).json.items

await test('a passed site is found by number in every spelling, by domain, address and name', async () => {
  const client = await person('legal', { region })
  const { number } = await passed(client, desk)
  const digits = number.replace(/\D/g, '')
  match(number, /^京公网安备110101\d{8}号$/)
  for (const text of [number, number.replace('备', '备 '), digits, ` ${number} `, client.who.domain, `https://www.${client.who.domain.toUpperCase()}/x?y`, client.who.site_name])
    check((await found(text)).some((one) => one.number === number), text)
  const [one] = await found(number)
  equal([one.digits, one.name, one.domain, one.holder, one.category, one.state_label], [digits, client.who.site_name, client.who.domain, client.who.org_name, '非交互式', '有效'])
  equal(status(await get(`/api/v1/register?code=${digits}`), 200).json.items, [one])
})

await test('the page of a number shows the facts, the icon and the code to hang, and no personal data', async () => {
  const client = await person('legal', { region })
  const { number } = await passed(client, desk)
  const digits = number.replace(/\D/g, '')
  const page = status(await get(`/register?code=${digits}`), 200).text
  for (const words of [number, client.who.site_name, client.who.domain, client.who.org_name, '网站类别', '非交互式', '开办主体性质', '备案地公安机关', '联网备案时间', 'icon.svg', `/register?code=${digits}&quot;`, 'rel=&quot;noreferrer&quot;'])
    check(page.includes(words), `no ${words}`)
  const api = JSON.stringify(await found(number))
  for (const secret of [client.who.id_no, client.who.mobile, client.who.name, client.who.org_id_no, '景山前街', '南池子'])
    check(!page.includes(secret) && !api.includes(secret), `${secret} is public`)
  match(status(await get(`/register?code=${digits}&url=${q(`https://m.${client.who.domain}/`)}`), 200).text, /是该备案号登记的域名/)
  match(status(await get(`/register?code=${digits}&url=evil-${client.who.domain}`), 200).text, /不是该备案号登记的域名/)
})

await test('a person who files stays without a name', async () => {
  const client = await person('person', { region })
  const { number } = await passed(client, desk)
  const [one] = await found(number)
  equal([one.holder, one.holder_type], ['', '个人'])
  const page = status(await get(`/register?q=${q(number)}`), 200).text
  check(![client.who.name, client.who.id_no, client.who.mobile].some((secret) => page.includes(secret)), 'a name is public')
})

await test('a Chinese domain is found in both spellings', async () => {
  const client = await person('legal', { region })
  const domain = `青禾${freshDomain().replace('.cn', '')}.中国`
  const { entity } = await anEntity(client)
  const { siteApplication } = await aSite(client, entity, { domain, url: `https://${domain}` })
  status(await claim(desk, siteApplication), 200, 'claim')
  const { number } = status(await decide(desk, siteApplication, 'pass', { with_entity: true }), 200, 'pass').json
  const [one] = await found(domain)
  equal(one.number, number)
  const { hostname } = new globalThis.URL(`https://${domain}`)
  match(hostname, /^xn--/)
  check((await found(hostname)).some((other) => other.number === number), hostname)
})

await test('what is not passed is not public, and an answer from before the decision does not last', async () => {
  const client = await person('legal', { region })
  const { entity } = await anEntity(client)
  const { siteApplication } = await aSite(client, entity)
  equal(await found(client.who.domain), [])
  // The next number of this unit is asked for again and again before it is given.
  const { number: last } = await passed(await person('legal', { region }), desk)
  const next = String(BigInt(last.replace(/\D/g, '')) + 1n)
  for (let i = 0; i < 40; i++) equal((await found(next)).length, 0, 'too early')
  status(await claim(desk, siteApplication), 200, 'claim')
  const { number } = status(await decide(desk, siteApplication, 'pass', { with_entity: true }), 200, 'pass').json
  for (let i = 0; i < 40; i++) check((await found(number)).length === 1, 'a stale answer')
})

await test('officers load pictures by their own ticket; the applicant sees them as long as the entity is his', async () => {
  const client = await person('legal', { region })
  const { entity } = await anEntity(client)
  const { siteApplication } = await aSite(client, entity)
  status(await claim(desk, siteApplication), 200, 'claim')
  const { files } = await view(desk, siteApplication)
  const [[id, { url }]] = Object.entries(files)
  const shown = status(await desk.get(url), 200, 'picture')
  equal([shown.headers['content-type'], shown.headers['x-content-type-options']], ['image/jpeg', 'nosniff'])
  const colleague = await officer(region)
  problem(await colleague.get(url), 404, 'not-found')
  problem(await request('GET', URL + url), 401, 'not-logged-in')
  const other = Object.keys(files).find((one) => one !== id)
  problem(await desk.get(url.replace(id, other)), 404, 'not-found')
  status(await client.api('GET', `/files/${id}`), 200, 'owner')
  problem(await (await person('legal')).api('GET', `/files/${id}`), 404, 'not-found')
  check((await application(client, siteApplication)).state, 'state')
})

finish()
