// @posthog/ai's wrapper of the Anthropic client.
import Anthropic from '@posthog/ai/anthropic'
import { NO_KEY, PROVIDER, attempt, chat, client } from './common.mjs'

const posthog = client()
const anthropic = new Anthropic({ apiKey: NO_KEY, baseURL: PROVIDER, maxRetries: 0, posthog })
const create = (model, more) => (name) => anthropic.messages.create({ model, max_tokens: 100, ...chat('anthropic', name), ...more })
const read = (open) => async (name) => {
  for await (const _ of await open(name)) {
    // The parts are counted by the wrapper.
  }
}

await attempt('node-anthropic-overloaded', create('refuses-529'))
await attempt('node-anthropic-too-long', create('refuses-400', { posthogDistinctId: 'user_1007' }))
await attempt('node-anthropic-stream-refused', read(create('refuses-429', { stream: true })))
await attempt('node-anthropic-stream-breaks', read(create('breaks', { stream: true })))
await attempt('node-anthropic-answered', create('answers'))
await posthog.shutdown()
