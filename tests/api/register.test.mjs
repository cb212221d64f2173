// The public side without a filing: pages, look-ups that find nothing, providers, addresses. What a filing makes public is
// tested where one is passed.
import { test, finish, person, freshPerson, request, status, problem, broken, check, equal, match, URL } from './lib/index.mjs'

const get = (path) => request('GET', URL + path)
const q = encodeURIComponent

await test('the landing page is HTML from the server, small, without inline script or style', async () => {
  const page = status(await get('/'), 200)
  match(page.headers['content-type'], /^text\/html/)
  for (const words of ['公安联网备案', '用户登录', '公共查询', '办理流程图', '办理时限', '5</b><i>个工作日内', 'href="/login'])
    check(page.text.includes(words), `no ${words}`)
  check(!/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/.test(page.text), 'inline script or style')
  let total = page.raw.length
  for (const [, path] of page.text.matchAll(/(?:href|src)="(\/[\w-]+\.(?:css|js|svg))"/g)) total += status(await get(path), 200, path).raw.length
  check(total <= 60 * 1024, `${total} bytes`)
  match(page.headers['content-security-policy'], /default-src 'self'/)
})

await test('the look-up page answers without script, also when nothing is found', async () => {
  match(status(await get('/register'), 200).text, /<form[^>]+action="\/register"/)
  const none = status(await get(`/register?q=${q('没有这个网站')}`), 200).text
  match(none, /没有查到备案信息/)
})

await test('what was typed is shown as text', async () => {
  const page = status(await get(`/register?q=${q('"><script>alert(1)</script>')}&by=${q('"><b>')}&url=${q('"><i>')}`), 200).text
  check(!page.includes('<script>alert') && !page.includes('"><b>') && !page.includes('"><i>'), 'markup came through')
})

await test('odd queries are just not found', async () => {
  for (const text of ['%', '_', "' OR 1=1 --", '京公网安备11010199999999号', '99999999999999', 'nothing.example', '\u{10ffff}', 'x'.repeat(2000)])
    equal(status(await get(`/api/v1/register?q=${q(text)}`), 200, text).json.items, [], text)
  equal(status(await get('/api/v1/register?code=abc'), 200).json.total, 0)
})

await test('a look-up without a query says what to type', async () => {
  broken(await get('/api/v1/register'), '/q', 'required')
  broken(await get('/api/v1/register?q=%20'), '/q', 'required')
})

const client = await person('legal')

await test('providers are found by region at every level and by name', async () => {
  const of = async (query) => status(await client.api('GET', `/providers?${query}`), 200, query).json
  const district = await of('role=access&region=110108')
  check(district.items.some((one) => one.name === '腾讯云计算（北京）有限责任公司'), 'district')
  const [one] = district.items
  equal(one.names.length, 3, 'names')
  match(one.names.join('/'), /^北京市\/市辖区\/海淀区$/)
  check('phone' in one && 'code' in one && 'mode' in one && one.region === '110108', JSON.stringify(one))
  check((await of('role=access&region=110000')).total >= 1, 'province')
  check((await of('role=access&region=330100')).total >= 1, 'city')
  equal((await of(`role=access&region=110000&name=${q('腾讯')}`)).total, 1, 'name')
  equal((await of(`role=access&region=110000&name=${q('（北京）')}`)).total, 1, 'width of brackets')
  equal((await of(`role=access&region=110000&name=${q('没有这家')}`)).total, 0, 'unknown name')
  equal((await of('role=access&region=110000&name=%25')).total, 0, 'a wildcard is a letter')
  const registrars = await of('role=registrar&region=330100')
  check(registrars.items.every((row) => row.name !== '阿里云计算有限公司'), 'roles are apart')
  equal((await of('role=access&region=110000&page=9')).items, [], 'a page behind the last')
})

await test('providers without a region are refused at the region', async () => {
  broken(await client.api('GET', '/providers?role=access'), '/region', 'required')
  broken(await client.api('GET', '/providers?role=access&region=999999'), '/region')
  broken(await client.api('GET', '/providers?role=x&region=110101'), '/role')
  problem(await get('/api/v1/providers?role=access&region=110101'), 401, 'not-logged-in')
})

await test('the addresses of a ready domain are offered', async () => {
  const who = await freshPerson('legal')
  const { domain, addresses } = status(await client.api('GET', `/dns?domain=${q(who.domain)}`), 200).json
  equal(domain, who.domain)
  for (const ip of String(who.ip).split(',')) check(addresses.some((one) => one.address === ip && one.kind === 'ipv4'), `${ip} in ${JSON.stringify(addresses)}`)
})

await test('a domain without addresses has none; what is no public domain is refused', async () => {
  equal(status(await client.api('GET', '/dns?domain=nothing-here.com'), 200).json.addresses, [])
  for (const wrong of ['', 'localhost', '127.0.0.1', 'com.cn', 'internal', '<b>.com'])
    broken(await client.api('GET', `/dns?domain=${q(wrong)}`), '/domain')
  problem(await get('/api/v1/dns?domain=example.com'), 401, 'not-logged-in')
})

finish()
