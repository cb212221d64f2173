// Copies codes and keeps the outbox fresh; the page works without it.
'use strict';
const outbox = document.getElementById('outbox');

function showButtons() {
  outbox.querySelectorAll('.copy').forEach((button) => { button.hidden = false; });
}

outbox.addEventListener('click', async ({ target }) => {
  if (!target.matches('.copy')) return;
  await navigator.clipboard.writeText(target.dataset.copy);
  target.textContent = `已复制 ${target.dataset.copy}`;
});

let last = null;
async function refresh() {
  if (document.hidden || outbox.contains(document.activeElement)) return;
  const answer = await fetch('/outbox.html').catch(() => null);
  if (!answer || !answer.ok) return;
  const text = await answer.text();
  if (text === last) return;
  last = text;
  outbox.innerHTML = text;
  showButtons();
}

showButtons();
setInterval(refresh, 2000);
