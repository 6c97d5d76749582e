// posthog-node asks /flags, evaluates the definitions by itself with a personal key, and reads a remote config.
import { PostHog } from 'posthog-node'
import { assert, captured, complaints, done, HOST, PERSONAL_KEY, switchTo, TOKEN } from './flags_common.mjs'

const remote = new PostHog(TOKEN, { host: HOST, flushAt: 1 })
const local = new PostHog(TOKEN, { host: HOST, personalApiKey: PERSONAL_KEY, flushAt: 1, featureFlagsPollingInterval: 60_000 })
for (const client of [remote, local]) {
  client.on('error', (error) => complaints.push(`error: ${error}`))
  client.debug(process.env.DEBUG === '1')
}

assert.deepEqual(await remote.getAllFlags('ada'), { 'new-checkout': true, colour: 'blue', off: false, limits: true })
assert.deepEqual(await remote.getFeatureFlagPayload('new-checkout', 'ada'), { discount: 10 })
assert.equal(await remote.getFeatureFlag('off', 'ada'), false)
assert.equal(await remote.getFeatureFlag('none', 'ada'), undefined)

await local.reloadFeatureFlags()
assert.ok(local.isLocalEvaluationReady())
const only = { onlyEvaluateLocally: true }
assert.deepEqual(await local.getAllFlags('ada', only), { 'new-checkout': true, colour: 'blue', off: false, limits: true })
assert.equal(await local.getFeatureFlag('colour', 'bob', only), 'blue')
assert.deepEqual(await local.getFeatureFlagPayload('new-checkout', 'joe', true, only), { discount: 10 })
const evaluated = await local.evaluateFlags('kim', only)
assert.deepEqual([evaluated.getFlag('colour'), evaluated.isEnabled('off')], ['blue', false])
assert.equal((await remote.evaluateFlags('kim')).getFlag('colour'), 'blue')
assert.deepEqual(await local.getRemoteConfigPayload('limits'), [1, 2])
// Nothing has changed, so the definitions are not sent again.
await local.reloadFeatureFlags()
assert.equal(await local.getFeatureFlag('off', 'joe', only), false)

await switchTo('off', { value: 'violet' })
assert.equal(await remote.getFeatureFlag('off', 'eve'), 'violet')
await local.reloadFeatureFlags()
assert.equal(await local.getFeatureFlag('off', 'eve', only), 'violet')
await switchTo('off', { reset: true })

local.capture({ distinctId: 'ada', event: 'bought', sendFeatureFlags: true })
await Promise.all([remote.flush(), local.flush()])
const called = await captured({ event: '$feature_flag_called', distinct_id: 'bob' })
assert.equal(called.properties.$feature_flag_response, 'blue')
assert.equal((await captured({ event: 'bought' })).properties['$feature/colour'], 'blue')
await Promise.all([remote.shutdown(), local.shutdown()])
done('posthog-node')
