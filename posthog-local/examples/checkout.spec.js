// An end-to-end test of a page that uses PostHog, with Playwright and posthog-local.
//
//     npm install @playwright/test posthog-js && npx playwright install chromium
//     docker run -p 8000:8000 -v ./posthog-local/examples/project.toml:/etc/posthog-local/project.toml:ro posthog-local
//     npx playwright test posthog-local/examples/checkout.spec.js
//
// CHROMIUM=/usr/bin/chromium uses an installed browser.
const { readFileSync } = require('node:fs')
const { createServer } = require('node:http')
const { test, expect } = require('@playwright/test')

const POSTHOG = process.env.POSTHOG_HOST ?? 'http://localhost:8000'
test.use({ launchOptions: { executablePath: process.env.CHROMIUM } })

// The product: a page that would be elsewhere.
const PAGE = `<!doctype html><title>Shop</title><button>Buy</button>
<script src="/posthog.js"></script>
<script>
  const button = document.querySelector('button')
  posthog.init('phc_local', { api_host: '${POSTHOG}', opt_out_useragent_filter: true })
  posthog.onFeatureFlags(() => {
    if (posthog.isFeatureEnabled('new-checkout')) button.textContent = posthog.getFeatureFlagPayload('new-checkout').button
    document.body.dataset.ready = 'true'
  })
  button.onclick = () => {
    posthog.identify(new URL(location).searchParams.get('person'), { email: 'ada@example.com' })
    posthog.capture('order placed')
  }
</script>`

/** The newest event that matches, once there is one. What came instead is told by a failure. */
const waitFor = async (request, params) => {
  const answer = await (await request.get(`${POSTHOG}/_local/wait`, { params })).json()
  expect(answer.found, JSON.stringify(answer.events.map(({ event, states, dropped }) => ({ event, states, dropped })))).toBe(true)
  return answer.events[0]
}

const switchTo = (request, key, data) => request.post(`${POSTHOG}/_local/flags/${key}`, { data })

// A page that Playwright makes up by `route` may not call localhost, so a server it is.
const shop = createServer((request, response) => {
  const isScript = request.url === '/posthog.js'
  response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8')
  response.end(isScript ? readFileSync(require.resolve('posthog-js/dist/array.js')) : PAGE)
})
const shopUrl = () => `http://localhost:${shop.address().port}/`

test.beforeAll(() => new Promise((listening) => shop.listen(0, 'localhost', listening)))
test.afterAll(() => shop.close())
test.afterEach(({ request }) => switchTo(request, 'new-checkout', { reset: true }))

test('an order is captured and thanked for', async ({ page, request }) => {
  const person = `person-${crypto.randomUUID()}`
  await page.goto(`${shopUrl()}?person=${person}`)
  await page.getByRole('button', { name: 'Buy' }).click()
  const order = await waitFor(request, { event: 'order placed', distinct_id: person, state: 'mailed', timeout: '10s' })
  const { emails } = await (await request.get(`${POSTHOG}/_local/emails`)).json()
  expect(emails.find((mail) => mail.event_uuid === order.uuid)).toMatchObject({ to: 'ada@example.com', subject: 'Thank you for your order' })
})

test('the flag changes the button', async ({ page, request }) => {
  await switchTo(request, 'new-checkout', { value: true })
  await page.goto(shopUrl())
  await expect(page.getByRole('button', { name: 'Buy now' })).toBeVisible()
})
