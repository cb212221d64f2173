// Two comforts of the public pages, which work without them: the old form of links to a number, which no server can see,
// and the button that copies the code.
const old = /^#\/query\/webSearch\?(?:.*&)?code=(\d{14})(?:&|$)/.exec(location.hash)
if (old) location.replace('/register?code=' + old[1])

const copy = document.querySelector('[data-copy]')
if (copy && navigator.clipboard) {
  copy.hidden = false
  copy.addEventListener('click', async () => {
    const told = document.querySelector('#copied')
    try {
      await navigator.clipboard.writeText(document.querySelector('#code').textContent)
      told.textContent = '已复制'
    } catch {
      told.textContent = '复制失败，请选中代码后复制'
    }
  })
}
