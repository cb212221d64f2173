import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { precompress } from './build/gzip'

export default defineConfig({
  plugins: [vue(), precompress()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // No inlined data: URLs: the content security policy allows only our own files.
  build: { target: 'es2020', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
  server: { proxy: Object.fromEntries(['/api', '/login', '/register'].map((path) => [path, process.env.BEIAN_URL ?? 'http://127.0.0.1:8080'])) },
})
