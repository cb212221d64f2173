import { problemOf, Problem } from '@/api/client'
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

/** NULL: may be uploaded. The bytes decide, not the name. */
export async function refusal(file: Blob, name: string, limit: number): Promise<{ text: string; large: boolean } | null> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer())
  const png = head[0] === 0x89 && head[1] === 0x50 && head[2] === 0x4e && head[3] === 0x47
  const jpeg = head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff
  const brand = String.fromCharCode(...head.slice(4, 12))
  if (!png && !jpeg) {
    if (/^ftyp(heic|heix|mif1|hevc)/.test(brand)) return { text: '这是 heic 格式的照片。请在手机相机设置里选“兼容性最佳”，或另存为 jpg 后上传', large: false }
    return { text: `支持png,jpeg,jpg格式，“${name}”不是这些格式的图片`, large: false }
  }
  if (file.size > limit) return { text: `文件大小不超过${Math.round(limit / megabyte)}MB，这张图片 ${sizeText(file.size)}`, large: true }
  return null
}

/** The type that the bytes have; browsers go by the name. */
export async function typed(file: Blob): Promise<Blob> {
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  const type = head[0] === 0x89 ? 'image/png' : 'image/jpeg'
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
