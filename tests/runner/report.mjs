// The smallest test kit: `test(name, fn)` one after another, one line each; a thrown error is a failure.
export async function test(name, run) {
  try {
    await run()
    console.log(`ok ${name}`)
  } catch (error) {
    process.exitCode = 1
    console.log(`not ok ${name}: ${String(error?.stack ?? error).split('\n').slice(0, 40).join(' | ').slice(0, 1500)}`)
  }
}
