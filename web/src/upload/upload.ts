import { forHeader, problemOf, Problem } from '@/api/client'
import type { FileInfo } from '@/api/types'

export const megabyte = 1024 * 1024
export interface Upload {
  done: Promise<FileInfo & { id: string }>
  abort: () => void
}

/** XHR and not fetch: only it tells how far an upload is. */
export function upload(file: Blob, name: string, progress: (part: number) => void): Upload {
  const request = new XMLHttpRequest()
  const done = new Promise<FileInfo & { id: string }>((resolve, reject) => {
    request.open('POST', '/api/v1/files')
    request.setRequestHeader('Content-Type', file.type)
    request.setRequestHeader('X-File-Name', encodeURIComponent(name))
    for (const [key, value] of Object.entries(forHeader())) request.setRequestHeader(key, value)
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    request.onerror = () => reject(new Problem(0, '网络中断', '网络中断，已保留图片'))
    request.onabort = () => reject(new Problem(0, '已取消', ''))
    request.onload = () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText) as FileInfo & { id: string })
      else problemOf(request.status, request.responseText, request.getResponseHeader('Retry-After')).then(reject, reject)
    }
    request.send(file)
  })
  return { done, abort: () => request.abort() }
}

/** Rounded up, so that a byte too many never reads like the limit itself. */
export function sizeText(bytes: number): string {
  return bytes < megabyte / 10 ? `${Math.ceil(bytes / 1024)} KB` : `${(Math.ceil((bytes / megabyte) * 100) / 100).toFixed(bytes > 10 * megabyte ? 1 : 2)} MB`
}

const signatures: [string, number[], string][] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47], 'png'], ['image/jpeg', [0xff, 0xd8, 0xff], 'jpeg,jpg'], ['application/pdf', [0x25, 0x50, 0x44, 0x46], 'pdf'],
]

/** The type that the bytes have; browsers go by the name. */
export async function typeOf(file: Blob): Promise<string | null> {
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer())
  return signatures.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte))?.[0] ?? null
}

export const isPicture = (media: string | null | undefined) => !media || media.startsWith('image/')

/** NULL: may be uploaded. The bytes decide, not the name. */
export async function refusal(file: Blob, name: string, limit: number, accept: string[]): Promise<{ text: string; large: boolean } | null> {
  const type = await typeOf(file)
  if (!type || !accept.includes(type)) {
    const brand = await file.slice(4, 12).text()
    if (/^ftyp(heic|heix|mif1|hevc)/.test(brand)) return { text: '这是 heic 格式的照片。请在手机相机设置里选“兼容性最佳”，或另存为 jpg 后上传', large: false }
    const words = signatures.filter(([media]) => accept.includes(media)).map(([, , word]) => word).join(',')
    return { text: `支持${words}格式，“${name}”不是${words === 'pdf' ? '这种格式的文件' : '这些格式的图片'}`, large: false }
  }
  if (file.size > limit) return { text: `文件大小不超过${Math.round(limit / megabyte)}MB，这${isPicture(type) ? '张图片' : '份文件'} ${sizeText(file.size)}`, large: true }
  return null
}

export async function typed(file: Blob): Promise<Blob> {
  const type = (await typeOf(file)) ?? file.type
  return file.type === type ? file : new Blob([file], { type })
}

/** Scales down in the browser until it fits; upright, because drawing turns a photograph as its mark says. */
export async function compress(file: Blob, limit: number): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  let scale = Math.min(1, Math.sqrt((12 * megabyte) / (picture.width * picture.height)))
  for (let round = 0; round < 8; round += 1, scale *= 0.8) {
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(picture.width * scale))
    canvas.height = Math.max(1, Math.round(picture.height * scale))
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.86))
    if (small && small.size <= limit * 0.9) {
      picture.close()
      return small
    }
  }
  picture.close()
  throw new Problem(413, '压缩后仍然过大', '请用画图工具缩小后再上传')
}
