// What the programs that ask a JavaScript SDK for flags share: whom to ask, how to switch, and what is expected.
import assert from 'node:assert/strict'

export const HOST = process.env.POSTHOG_HOST
export const TOKEN = 'phc_local'
export const PERSONAL_KEY = process.env.POSTHOG_PERSONAL_API_KEY

/** Switches a flag, as a test or the inspector does. */
export const switchTo = async (key, change) => {
  const answer = await fetch(`${HOST}/_local/flags/${key}`, { method: 'POST', body: JSON.stringify(change) })
  assert.equal(answer.status, 200)
}

/** Waits until posthog-local has such an event. */
export const captured = async (query) => {
  const answer = await (await fetch(`${HOST}/_local/wait?${new URLSearchParams({ ...query, timeout: '20s' })}`)).json()
  assert.ok(answer.found, `no such event: ${JSON.stringify(query)}`)
  return answer.events[0]
}

// An SDK logs by the console; whatever it complains of ends up here. That a method of its own is deprecated is no complaint
// about posthog-local: the older methods are tried on purpose.
export const complaints = []
for (const level of ['warn', 'error']) {
  console[level] = (...args) => {
    const said = args.map(String).join(' ')
    if (!said.includes('is deprecated')) complaints.push(`${level}: ${said}`)
  }
}

/** Ends the program: with a failure if the SDK complained. */
export const done = (sdk) => {
  for (const complaint of complaints) console.log(`${sdk} complains: ${complaint}`)
  if (complaints.length) process.exit(1)
  console.log(`${sdk}: flags as declared and as switched, no complaint`)
  process.exit(0)
}

export { assert }
