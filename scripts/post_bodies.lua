-- wrk posts the bodies of the file BODIES, one a line, in turns, each with a fresh uuid in place of UUID.
local heads, tails = {}, {}
local next_body, random = 0, math.random

function init()
  local seed = io.open("/dev/urandom", "rb"):read(4)
  math.randomseed(seed:byte(1) + seed:byte(2) * 256 + seed:byte(3) * 65536 + seed:byte(4) % 128 * 16777216)
  for body in io.lines(os.getenv("BODIES")) do
    local at = body:find("UUID", 1, true)
    heads[#heads + 1], tails[#tails + 1] = body:sub(1, at - 1), body:sub(at + 4)
  end
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  next_body = next_body % #heads + 1
  local uuid = string.format("%04x%04x-%04x-4%03x-8%03x-%04x%04x%04x", random(0, 65535), random(0, 65535), random(0, 65535), random(0, 4095),
    random(0, 4095), random(0, 65535), random(0, 65535), random(0, 65535))
  return wrk.format(nil, nil, nil, heads[next_body] .. uuid .. tails[next_body])
end

function done(summary)
  local errors = summary.errors
  io.write(string.format("RESULT requests=%d refused=%d failed=%d\n", summary.requests, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
