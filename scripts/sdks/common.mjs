// What the programs with a JavaScript SDK share: where to send to, the chats, and calls that are meant to fail.
import { readFileSync } from 'node:fs'
import { PostHog } from 'posthog-node'

export const PROVIDER = process.env.PROVIDER
// Not a real key: the provider is on loopback.
export const NO_KEY = 'none'
export const chats = JSON.parse(readFileSync(new URL('chats.json', import.meta.url), 'utf8'))

export const client = () => new PostHog('phc_local', { host: process.env.POSTHOG_HOST })

/** The chat in a provider's shape, with the case's name in its system prompt. */
export const chat = (shape, name) => JSON.parse(JSON.stringify(chats[shape]).replaceAll('{case}', name))

/** Makes a call, and prints how it went: what must come of it stands in cases.json. */
export const attempt = async (name, call) => {
  try {
    await call(name)
    console.log(`${name}: answered`)
  } catch (error) {
    console.log(`${name}: ${error.name}`)
  }
}
