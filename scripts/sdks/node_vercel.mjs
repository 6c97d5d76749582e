// @posthog/ai's wrapper of the Vercel AI SDK.
import { createOpenAI } from '@ai-sdk/openai'
import { withTracing } from '@posthog/ai/vercel'
import { generateObject, generateText, jsonSchema, streamText, tool } from 'ai'
import { NO_KEY, PROVIDER, attempt, chat, chats, client } from './common.mjs'

const posthog = client()
const provider = createOpenAI({ apiKey: NO_KEY, baseURL: `${PROVIDER}/v1` })
const tools = { find_order: tool({ inputSchema: jsonSchema(chats.schema) }) }

const generate = (model, traced, more) => (name) =>
  generateText({ model: withTracing(provider.chat(model), posthog, traced ?? {}), tools, maxRetries: 0, ...chat('vercel', name), ...more })
const generateJson = (model) => (name) =>
  generateObject({ model: withTracing(provider.chat(model), posthog, {}), schema: jsonSchema(chats.schema), maxRetries: 0, ...chat('vercel', name) })
const stream = (model) => async (name) => {
  let failure
  const onError = ({ error }) => (failure = error)
  const settings = { tools, maxRetries: 0, onError, ...chat('vercel', name) }
  await streamText({ model: withTracing(provider.chat(model), posthog, {}), ...settings }).consumeStream()
  if (failure) throw failure
}

await attempt('node-vercel-rate-limit', generate('refuses-429', { posthogDistinctId: 'user_1007' }))
await attempt('node-vercel-too-long', generate('refuses-400', { posthogDistinctId: 'mara.lindqvist@posteo.de' }))
await attempt('node-vercel-retried', generate('refuses-529', {}, { maxRetries: 1 }))
await attempt('node-vercel-stream-refused', stream('refuses-429'))
await attempt('node-vercel-stream-breaks', stream('breaks'))
await attempt('node-vercel-private', generate('refuses-429', { posthogPrivacyMode: true, posthogProperties: { case: 'node-vercel-private' } }))
await attempt('node-vercel-no-object', generateJson('answers'))
await attempt('node-vercel-answered', generate('answers'))
await posthog.shutdown()
