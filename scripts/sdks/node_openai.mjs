// @posthog/ai's wrapper of the OpenAI client.
import { OpenAI } from '@posthog/ai/openai'
import { NO_KEY, PROVIDER, attempt, chat, chats, client } from './common.mjs'

const posthog = client()
const openai = new OpenAI({ apiKey: NO_KEY, baseURL: `${PROVIDER}/v1`, maxRetries: 0, posthog })
const tools = [{ type: 'function', function: { name: 'find_order', parameters: chats.schema } }]

const complete = (model, more) => (name) => openai.chat.completions.create({ model, messages: chat('openai', name), tools, ...more })
const respond = (model) => (name) => openai.responses.create({ model, ...chat('responses', name) })
const read = (open) => async (name) => {
  for await (const _ of await open(name)) {
    // The parts are counted by the wrapper.
  }
}

await attempt('node-openai-rate-limit', complete('refuses-429', { posthogDistinctId: 'user_1007' }))
await attempt('node-openai-too-long', complete('refuses-400', { posthogDistinctId: 'mara.lindqvist@posteo.de' }))
await attempt('node-openai-stream-refused', read(complete('refuses-429', { stream: true })))
await attempt('node-openai-stream-breaks', read(complete('breaks', { stream: true })))
await attempt('node-openai-responses', respond('refuses-529'))
await attempt('node-openai-answered', complete('answers'))
await posthog.shutdown()
