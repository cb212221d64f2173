import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const worthIt = /\.(js|css|html|svg|json)$/
const compress = promisify(gzip)

/** Puts NAME.gz beside each text asset: the server sends it as it is and never compresses itself. */
export function precompress(): Plugin {
  let directory = 'dist'
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      directory = join(config.root, config.build.outDir)
    },
    async closeBundle() {
      const names = await fs.readdir(directory, { recursive: true })
      for (const name of names.filter((each) => worthIt.test(each))) {
        const path = join(directory, name)
        await fs.writeFile(path + '.gz', await compress(await fs.readFile(path), { level: 9 }))
      }
    },
  }
}
