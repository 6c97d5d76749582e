// posthog-js-lite, the SDK of small pages and of other runtimes: it asks /flags when it starts and when it is told to.
import { PostHog as PostHogLite } from 'posthog-js-lite'
import { assert, captured, complaints, done, HOST, switchTo, TOKEN } from './flags_common.mjs'

const client = new PostHogLite(TOKEN, { host: HOST, flushAt: 1, persistence: 'memory', bootstrap: { distinctId: 'lite' } })
client.on('error', (error) => complaints.push(`error: ${error}`))
await client.reloadFeatureFlagsAsync()
assert.deepEqual(client.getFeatureFlags(), { 'new-checkout': true, colour: 'blue', off: false, limits: true })
assert.deepEqual(client.getFeatureFlagPayload('new-checkout'), { discount: 10 })
assert.equal(client.getFeatureFlag('colour'), 'blue')
await switchTo('off', { value: true })
await client.reloadFeatureFlagsAsync()
assert.equal(client.getFeatureFlag('off'), true)
await switchTo('off', { reset: true })
await client.flush()
assert.equal((await captured({ event: '$feature_flag_called', distinct_id: 'lite' })).properties.$feature_flag, 'off')
await client.shutdown()
done('posthog-js-lite')
