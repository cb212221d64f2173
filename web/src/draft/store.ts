// What was typed while the server could not be reached: IndexedDB, AES-GCM under the key that the server gave at login.
// Another account's key cannot open it; 退出登录 erases one's own.
export interface Kept {
  values: unknown
  base: unknown // the values the server had when typing began: for merging
  rev: string | null
  at: string
}

const databaseName = 'beian-offline'
const table = 'drafts'
const dayLong = 24 * 3600 * 1000
let key: CryptoKey | null = null
let owner = '' // begins the names of this account's copies, so that accounts do not overwrite each other's

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const hex = /^[0-9a-f]{64}$/i.test(text)
  if (hex) return new Uint8Array((text.match(/../g) ?? []).map((pair) => parseInt(pair, 16)))
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return new Uint8Array([...binary].map((each) => each.charCodeAt(0)))
}

/** `offlineKey`: 32 bytes in hex or base64. Anything else is hashed, so that the copy never falls back to plain text. */
export async function openStore(offlineKey: string): Promise<void> {
  if (!globalThis.crypto?.subtle || !offlineKey) return
  let raw: Uint8Array<ArrayBuffer>
  try {
    raw = bytesOf(offlineKey)
  } catch {
    raw = new Uint8Array()
  }
  if (raw.length !== 32) raw = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(offlineKey)))
  const mark = await crypto.subtle.digest('SHA-256', new Uint8Array([...raw, ...new TextEncoder().encode('owner')]))
  owner = [...new Uint8Array(mark).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('') + '/'
  key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

function request<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error ?? new Error('indexedDB'))
  })
}

async function database(): Promise<IDBDatabase> {
  const opened = indexedDB.open(databaseName, 1)
  opened.onupgradeneeded = () => opened.result.createObjectStore(table)
  return request(opened)
}

async function use<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opened = await database()
  try {
    return await request(act(opened.transaction(table, mode).objectStore(table)))
  } finally {
    opened.close()
  }
}

/** False when this browser keeps nothing (private window, no secure context). */
export async function keep(name: string, kept: Kept): Promise<boolean> {
  if (!key) return false
  try {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const plain = new TextEncoder().encode(JSON.stringify(kept))
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain)
    await use('readwrite', (store) => store.put({ iv, sealed, until: Date.now() + dayLong }, owner + name))
    return true
  } catch {
    return false
  }
}

export async function recall(name: string): Promise<Kept | null> {
  if (!key) return null
  try {
    const found = await use<{ iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer; until: number } | undefined>('readonly', (store) => store.get(owner + name))
    if (!found || found.until < Date.now()) return null
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: found.iv }, key, found.sealed)
    return JSON.parse(new TextDecoder().decode(plain)) as Kept
  } catch {
    return null // another account's copy, or a broken one: never offered
  }
}

export async function forget(name: string): Promise<void> {
  try {
    await use('readwrite', (store) => store.delete(owner + name))
  } catch {
    // Nothing was kept.
  }
}

/** All copies of this account. Another account's stay: they are sealed, and it has not saved them yet. */
export async function eraseAll(): Promise<void> {
  key = null
  try {
    await use('readwrite', (store) => store.delete(IDBKeyRange.bound(owner, owner + '\uffff')))
  } catch {
    // Nothing was kept.
  }
}
