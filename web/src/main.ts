import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'
import './styles/tokens.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/lists.css'

// A new version was deployed while the page was open: its old chunks are gone.
window.addEventListener('vite:preloadError', () => location.reload())

createApp(App).use(router).mount('#app')
