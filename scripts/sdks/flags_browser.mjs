// posthog-js in Chromium, on a page of another origin: flags, surveys and events, with all that its console says.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { assert, captured, complaints, done, HOST, switchTo, TOKEN } from './flags_common.mjs'

const bundle = path.join(path.dirname(createRequire(import.meta.url).resolve('posthog-js')), 'array.full.js')
const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>flags</title>
<script>
  const complaints = []
  for (const level of ['warn', 'error']) console[level] = (...args) => complaints.push(level + ': ' + args.map(String).join(' '))
  addEventListener('error', (event) => complaints.push('uncaught: ' + event.message))
</script>
<script src="/array.js"></script>
<script>
  const tell = (answers) => fetch('/told', { method: 'POST', body: JSON.stringify({ ...answers, complaints }) })
  posthog.init('${TOKEN}', { api_host: '${HOST}', opt_out_useragent_filter: true, debug: true, persistence: 'memory',
    request_queue_config: { flush_interval_ms: 250 },
    bootstrap: { distinctID: 'browser', isIdentifiedID: true } })
  posthog.onFeatureFlags((keys, values, context) => {
    posthog.getSurveys((surveys) => {
      const answers = { values: { ...values }, errors: context?.errorsLoading ?? false, surveys: surveys.length,
        off: posthog.getFeatureFlag('off'), colour: posthog.getFeatureFlag('colour'), payload: posthog.getFeatureFlagPayload('new-checkout') }
      posthog.capture('browsed', {}, { send_instantly: true })
      // The SDK sends its events a little later.
      setTimeout(() => tell(answers), 2000)
    })
  })
</script>`
let told
const server = createServer(async (request, response) => {
  if (request.method === 'POST') {
    told(JSON.parse(await text(request)))
    return response.end()
  }
  const isScript = request.url === '/array.js'
  response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8')
  response.end(isScript ? readFileSync(bundle) : page)
})
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))

// With `debug`, the SDK warns that the configuration says nothing about surveys. Whatever it says makes the SDK load a script
// that posthog-local does not have.
const NO_SURVEYS = 'Flags not loaded yet. Not loading surveys.'

/** What the page tells once it has its flags. */
const visit = async () => {
  // The script removes the home when it ends; the browser still writes to its profile for a while.
  const profile = mkdtempSync(path.join(process.env.HOME, 'browser-'))
  const answers = new Promise((resolve, reject) => {
    told = resolve
    setTimeout(() => reject(new Error('the page told nothing within 60 s')), 60_000).unref()
  })
  const browser = spawn(process.env.CHROMIUM ?? 'chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
    `--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/`], { stdio: 'ignore' })
  const ended = new Promise((resolve) => browser.once('exit', resolve))
  try {
    complaints.push(...(await answers).complaints.filter((complaint) => !complaint.endsWith(NO_SURVEYS)))
    return await answers
  } finally {
    browser.kill()
    await ended
  }
}
try {
  const first = await visit()
  const on = { 'new-checkout': true, colour: 'blue', limits: true }
  assert.deepEqual([first.values, first.errors, first.surveys], [on, false, 0])
  assert.deepEqual([first.off, first.colour, first.payload], [false, 'blue', { discount: 10 }])
  await switchTo('colour', { value: 'red' })
  assert.equal((await visit()).colour, 'red')
  await switchTo('colour', { reset: true })
  const called = await captured({ event: '$feature_flag_called', distinct_id: 'browser' })
  assert.equal(called.properties.$feature_flag, 'colour')
  assert.equal((await captured({ event: 'browsed' })).properties['$feature/new-checkout'], true)
} finally {
  server.close()
}
done('posthog-js')
