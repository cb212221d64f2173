import { onBeforeUnmount, reactive, ref } from 'vue'
import type { ReviewFile } from './types'

// Tickets live 60 s, an officer looks for longer: every picture is fetched at once and kept in this page's memory.
export interface Pictures {
  urls: Record<string, string>
  failed: Set<string>
  load: (files: Record<string, ReviewFile>) => Promise<void>
}

export function usePictures(): Pictures {
  const urls = reactive<Record<string, string>>({})
  const failed = reactive(new Set<string>())
  const gone = ref(false)

  async function fetchOne(id: string, address: string): Promise<void> {
    try {
      const answer = await fetch(address, { credentials: 'same-origin' })
      if (!answer.ok) throw new Error(String(answer.status))
      const blob = await answer.blob()
      if (gone.value) return
      if (urls[id]) URL.revokeObjectURL(urls[id])
      urls[id] = URL.createObjectURL(blob)
      failed.delete(id)
    } catch {
      failed.add(id)
    }
  }
  async function load(files: Record<string, ReviewFile>): Promise<void> {
    for (const id of Object.keys(urls).filter((each) => !(each in files))) {
      URL.revokeObjectURL(urls[id])
      delete urls[id]
    }
    for (const [id, file] of Object.entries(files)) {
      if (file.url && !urls[id]) await fetchOne(id, file.url)
    }
  }
  onBeforeUnmount(() => {
    gone.value = true
    Object.values(urls).forEach((each) => URL.revokeObjectURL(each))
  })
  return { urls, failed, load }
}
