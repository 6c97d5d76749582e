-- For wrk: posts failed generations as PostHog's webhook destination does, about 1.4 kB each, every one with a uuid of its own. A fifth
-- of the prompts hold an e-mail address. One thread only (-t1), because the uuids are counted.
local words = {
  "summarize", "the", "quarterly", "report", "for", "our", "team", "and", "explain", "why", "latency", "rose", "after", "the",
  "migration", "please", "list", "three", "risks", "with", "examples", "in", "plain", "language", "café", "naïve", "data", "model",
}
local prompts, count = {}, 0
local before = '{"event":{"uuid":"'
local middle = '","event":"generation_failed","distinct_id":"user_1007","timestamp":"2026-01-15T10:20:30.123Z",'
  .. '"url":"https://us.posthog.com/project/1/events/x","elements_chain":"","properties":{"$lib":"web","$lib_version":"1.260.1",'
  .. '"$browser":"Chrome","$browser_version":141,"$os":"Mac OS X","$device_type":"Desktop","$current_url":"https://app.example.com/chat",'
  .. '"$host":"app.example.com","$pathname":"/chat","$session_id":"0198c0de-1111-7abc-8def-0123456789ab","$screen_height":1080,'
  .. '"$screen_width":1920,"model":"gpt-x","$ip":"203.0.113.7","failure_reason":"timeout","input_prompt":"'
local after = '"}},"person":{"id":"0198c0de-2222-7abc-8def-0123456789ab","name":"User","url":"https://us.posthog.com/person/user",'
  .. '"properties":{"plan":"pro","$initial_referrer":"$direct","$geoip_country_code":"DE"}},"project":{"id":1,"name":"Default project",'
  .. '"url":"https://us.posthog.com/project/1"},"source":{"name":"Webhook","url":"https://us.posthog.com/project/1/pipeline/x"}}'
local run

function init()
  run = os.time()
  math.randomseed(run)
  for at = 1, 512 do
    local chosen = {}
    for word = 1, math.random(45, 75) do chosen[word] = words[math.random(#words)] end
    if at % 5 == 0 then chosen[#chosen + 1] = "contact jane.doe@example.com" end
    prompts[at] = table.concat(chosen, " ")
  end
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  count = count + 1
  local uuid = string.format("%08x-%04x-4000-8000-%012x", run, math.floor(count / 65536) % 65536, count)
  return wrk.format(nil, nil, nil, before .. uuid .. middle .. prompts[count % 512 + 1] .. after)
end

function done(summary, latency)
  io.write(string.format(
    "RESULT %d %d %d %.3f %.3f\n", summary.requests, summary.duration, summary.errors.status,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000
  ))
end
