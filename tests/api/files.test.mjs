// Uploads: what is taken, what is refused and how, who may see a picture.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { test, finish, person, officer, request, status, problem, broken, check, equal, match, png, upload, chunk, header, PNG_SIGNATURE, URL } from './lib/index.mjs'

const RULE = '支持png,jpeg,jpg格式，文件大小不超过5MB'
const LIMIT = 5 * 1024 * 1024
const send = (client, bytes, media = 'image/png', name = 'a.png') =>
  client.api('POST', '/files', bytes, { 'content-type': media, 'x-file-name': encodeURIComponent(name) })
const refused = (answer, code, type) => {
  const said = problem(answer, code, type)
  check(said.detail && /[\u4e00-\u9fff]/.test(said.detail), 'a sentence that helps')
  return said
}
// A PNG of exactly `size` bytes: a private chunk fills it up.
const padded = (size) => {
  const whole = png(), end = whole.length - 12
  return Buffer.concat([whole.subarray(0, end), chunk('prVt', Buffer.alloc(size - whole.length - 12)), whole.subarray(end)])
}

const pdf = (extra = '') => Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R ${extra}>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n`)

const client = await person('legal')

await test('a picture is taken, re-encoded and shown to its owner', async () => {
  const answer = status(await send(client, png(1200, 700), 'image/png', '营业执照 正面.png'), 201)
  const { id, name, media, width, height, size, hints } = answer.json
  equal([name, media, width, height, hints], ['营业执照 正面.png', 'image/jpeg', 1200, 700, []])
  const shown = status(await client.api('GET', `/files/${id}`), 200)
  equal(shown.raw.length, size, 'bytes')
  equal(shown.raw.subarray(0, 3).toString('hex'), 'ffd8ff', 'beginning')
  equal(shown.headers['content-type'], 'image/jpeg')
  equal(shown.headers['x-content-type-options'], 'nosniff')
  equal(shown.headers['content-security-policy'], "default-src 'none'; sandbox")
  equal(shown.headers['cache-control'], 'private, no-store')
  status(await send(client, shown.raw, 'image/jpeg', 'again.jpg'), 201, 'a JPEG')
})

await test('nobody else sees it: 404 for another account, 401 without log-in', async () => {
  const id = await upload(client)
  const other = await person('person')
  problem(await other.api('GET', `/files/${id}`), 404, 'not-found')
  problem(await request('GET', `${URL}/api/v1/files/${id}`), 401, 'not-logged-in')
  problem(await client.api('GET', '/files/AAAAAAAAAAAAAAAAAAAAAA'), 404, 'not-found')
  problem(await client.api('GET', '/files/..%2f..%2fmaster.key'), 404)
})

await test('a ticket that is forged or not the officer\'s opens nothing', async () => {
  const id = await upload(client)
  const desk = await officer('110101')
  const ends = Math.floor(Date.now() / 1000) + 30
  problem(await desk.api('GET', `/files/${id}?ticket=${ends}.${'0'.repeat(32)}`), 404, 'not-found')
  problem(await desk.api('GET', `/files/${id}?ticket=`), 404, 'not-found')
  problem(await desk.api('GET', `/files/${id}`), 401, 'not-logged-in')
  problem(await client.api('GET', `/files/${id}?ticket=${ends}.${'0'.repeat(32)}`), 401, 'not-logged-in')
})

await test('uploads need a log-in and the header against other sites', async () => {
  problem(await request('POST', `${URL}/api/v1/files`, { body: png(), headers: { 'content-type': 'image/png', 'x-beian': '1' } }), 401, 'not-logged-in')
  problem(await client.send('POST', '/api/v1/files', { body: png(), headers: { 'content-type': 'image/png', origin: 'https://evil.example' } }), 403)
})

// A JPEG of `size` bytes: comment segments after its beginning fill it up.
const paddedJpeg = (whole, size) => {
  const parts = [whole.subarray(0, 2)]
  for (let left = size - whole.length; left > 0; ) {
    const length = left > 65537 + 4 ? 65537 : left // a segment has at least 4 bytes
    const segment = Buffer.alloc(length)
    segment.writeUInt16BE(0xfffe, 0)
    segment.writeUInt16BE(length - 2, 2)
    parts.push(segment)
    left -= length
  }
  return Buffer.concat([...parts, whole.subarray(2)])
}

await test('[5.1.1-40] png, jpeg and jpg just under 5 MB are taken; pdf, gif and a png over it are refused', async () => {
  const jpeg = (await client.api('GET', `/files/${await upload(client)}`)).raw
  status(await send(client, padded(LIMIT - 1), 'image/png', 'a.png'), 201, 'png')
  for (const name of ['a.jpeg', 'a.jpg']) {
    const bytes = paddedJpeg(jpeg, LIMIT - 1)
    equal(bytes.length, LIMIT - 1, 'length')
    status(await send(client, bytes, 'image/jpeg', name), 201, name)
  }
  refused(await send(client, Buffer.from('%PDF-1.7\n'), 'image/png', 'a.png'), 415, 'picture-kind')
  const paper = status(await send(client, pdf(), 'application/pdf', 'a.pdf'), 201).json.id
  const draft = status(await client.api('POST', '/drafts', { kind: 'entity', action: 'create', values: { subject: { nature: 'unit' }, unit: { licence: paper } } }), 201).json.id
  broken(await client.api('POST', `/drafts/${draft}/check`, {}), '/unit/licence')
  refused(await send(client, Buffer.from('GIF89a\x01\0\x01\0', 'latin1'), 'image/gif', 'a.gif'), 415, 'picture-kind')
  refused(await send(client, padded(LIMIT + 1), 'image/png', 'a.png'), 413, 'too-large')
})

await test('a PDF is taken as it is and given out as a download; one with scripts, without an end or with a tail is refused', async () => {
  const sent = pdf()
  const { id, media } = status(await send(client, sent, 'application/pdf', '说明.pdf'), 201).json
  equal(media, 'application/pdf')
  const got = status(await client.api('GET', `/files/${id}`), 200)
  equal(got.raw.equals(sent), true, 'the same bytes')
  match(got.headers['content-disposition'], /^attachment/)
  match(got.headers['content-security-policy'], /sandbox/)
  for (const active of ['/JavaScript (app.alert(1))', '/JS(x)', '/OpenAction 3 0 R', '/Launch', '/EmbeddedFile'])
    refused(await send(client, pdf(active), 'application/pdf', 'a.pdf'), 422, 'papers-active')
  status(await send(client, pdf('/JSomething'), 'application/pdf', 'a.pdf'), 201, 'another name')
  refused(await send(client, sent.subarray(0, sent.length - 10), 'application/pdf', 'a.pdf'), 422, 'papers-broken')
  refused(await send(client, Buffer.concat([sent, Buffer.from('PK\x03\x04')]), 'application/pdf', 'a.pdf'), 422, 'papers-broken')
})

await test('exactly 5 MB is taken, one byte more is refused', async () => {
  status(await send(client, padded(LIMIT)), 201, '5 MB')
  const said = refused(await send(client, padded(LIMIT + 1)), 413, 'too-large')
  match(said.detail, /文件大小不超过5MB/)
})

await test('HEIC, PDF, GIF, WebP, text and nothing are refused with the manual\'s words', async () => {
  const wrong = {
    HEIC: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), PDF: Buffer.from('%PDF-1.7\n%%EOF'), GIF: Buffer.from('GIF89a\x01\0\x01\0', 'latin1'),
    WebP: Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1'), text: Buffer.from('hello'), html: Buffer.from('<html><script>alert(1)</script>')
  }
  for (const [kind, bytes] of Object.entries(wrong)) {
    const said = refused(await send(client, bytes), 415, 'picture-kind')
    check(said.detail.includes(RULE), `${kind}: ${said.detail}`)
  }
  match(refused(await send(client, wrong.HEIC, 'image/heic', 'a.heic'), 415).title, /HEIC/)
  refused(await send(client, Buffer.alloc(0)), 422, 'picture-broken')
})

await test('an upload that is not what it says is refused', async () => {
  refused(await send(client, png(), 'image/jpeg', 'a.jpg'), 415, 'picture-kind')
  refused(await send(client, png(), 'application/pdf', 'a.pdf'), 415, 'picture-kind')
})

await test('40,000 x 40,000 pixels are refused at once', async () => {
  const began = Date.now()
  refused(await send(client, Buffer.concat([PNG_SIGNATURE, header(40000, 40000), chunk('IDAT', Buffer.alloc(64)), chunk('IEND', Buffer.alloc(0))])), 422, 'picture-large')
  check(Date.now() - began < 2000, 'takes long')
})

await test('a damaged picture and one broken off are refused', async () => {
  const whole = png()
  refused(await send(client, whole.subarray(0, whole.length >> 1)), 422, 'picture-broken')
  const damaged = Buffer.from(whole)
  damaged.fill(0x55, whole.length >> 1, (whole.length >> 1) + 40)
  refused(await send(client, damaged), 422, 'picture-broken')
})

await test('a picture with something behind it is refused and leaves no file; zeros and pictures behind a JPEG are taken', async () => {
  const jpeg = (await client.api('GET', `/files/${await upload(client)}`)).raw
  const blobs = () => execFileSync('find', [process.env.BEIAN_DATA_DIR, '-path', '*blobs*', '-type', 'f']).toString().split('\n').length
  const before = blobs()
  const withTail = (whole, ...tail) => Buffer.concat([whole, ...tail])
  for (const tail of [Buffer.from('PK\x03\x04'), Buffer.from('<script>'), Buffer.alloc(1)])
    match(refused(await send(client, withTail(png(), tail)), 422, 'picture-tail').detail, /末尾带有其他内容/)
  for (const tail of [Buffer.from('PK\x03\x04'), Buffer.from('\0\0<script>\xff\xd9', 'latin1'), Buffer.from('\xff\xd8<script>\xff\xd9', 'latin1')])
    refused(await send(client, withTail(jpeg, tail), 'image/jpeg', 'a.jpg'), 422, 'picture-tail')
  equal(blobs(), before, 'files')
  status(await send(client, withTail(jpeg, Buffer.alloc(1000)), 'image/jpeg', 'a.jpg'), 201, 'zeros')
  status(await send(client, withTail(jpeg, Buffer.alloc(5), jpeg), 'image/jpeg', 'a.jpg'), 201, 'a second picture')
})

await test('nothing of the metadata is left', async () => {
  const whole = png(), end = whole.length - 12
  const mixed = Buffer.concat([whole.subarray(0, end), chunk('tEXt', Buffer.from('Comment\0<script>alert(1)</script>PK\x03\x04')), whole.subarray(end)])
  const { id } = status(await send(client, mixed), 201).json
  const shown = await client.api('GET', `/files/${id}`)
  check(!shown.raw.includes('script') && !shown.raw.includes('PK\x03\x04'), 'something is left')
})

await test('a small, dark picture is told', async () => {
  equal(status(await send(client, png(300, 200, { light: 20 })), 201).json.hints, ['small', 'dark'])
})

await test('a file name never becomes a path or markup', async () => {
  const named = async (name) => status(await client.api('POST', '/files', png(), { 'content-type': 'image/png', 'x-file-name': name }), 201).json.name
  equal(await named('..%2F..%2Fetc%2Fpasswd'), 'passwd')
  equal(await named('C%3A%5Cx%5Ca.png'), 'a.png')
  equal(await named('%FF%FE'), '图片')
  equal(await named('a%00%0Ab.png'), 'ab.png')
  equal([...(await named(encodeURIComponent('长'.repeat(300))))].length, 120, 'length')
})

await test('twenty pictures at once all come through', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(client, png())))
  answers.forEach((answer) => status(answer, 201))
  equal(new Set(answers.map((answer) => answer.json.id)).size, 20)
})

await test('the same picture twice is two attachments with equal content', async () => {
  const bytes = png()
  const ids = [await upload(client, 'a.png', bytes), await upload(client, 'b.png', bytes)]
  const sums = await Promise.all(ids.map(async (id) => createHash('sha256').update((await client.api('GET', `/files/${id}`)).raw).digest('hex')))
  check(ids[0] !== ids[1] && sums[0] === sums[1], 'ids or contents')
})

finish()
