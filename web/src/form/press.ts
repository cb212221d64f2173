// A message that comes or goes while a pointer is down moves the page under it, and the click lands beside what was pressed.
let pressed = false
let waiting: (() => void)[] = []

function released(): void {
  pressed = false
  const due = waiting
  waiting = []
  setTimeout(() => due.forEach((run) => run())) // after the click that this ends
}
window.addEventListener('pointerdown', () => (pressed = true), true)
window.addEventListener('pointerup', released, true)
window.addEventListener('pointercancel', released, true)

/** Runs at once, or when the pointer that is down is let go. */
export function afterPress(run: () => void): void {
  if (pressed) waiting.push(run)
  else run()
}
