"""posthog for Python asks /flags, evaluates the definitions by itself with a personal key, and reads a remote config."""
import json
import logging
import os
import sys
import urllib.parse
import urllib.request

import posthog

HOST = os.environ["POSTHOG_HOST"]
TOKEN = "phc_local"
PERSONAL_KEY = os.environ["POSTHOG_PERSONAL_API_KEY"]
DECLARED = {"new-checkout": True, "colour": "blue", "off": False, "limits": True}

complaints = []


class Complaints(logging.Handler):
    def emit(self, record):
        complaints.append(f"{record.levelname}: {record.getMessage()}")


logging.getLogger().addHandler(Complaints(logging.WARNING))


def switch_to(key, change):
    """Switches a flag, as a test or the inspector does."""
    urllib.request.urlopen(f"{HOST}/_local/flags/{key}", json.dumps(change).encode()).read()


def captured(**query):
    """Waits until posthog-local has such an event."""
    url = f"{HOST}/_local/wait?{urllib.parse.urlencode({**query, 'timeout': '20s'})}"
    answer = json.load(urllib.request.urlopen(url))
    assert answer["found"], query
    return answer["events"][0]


remote = posthog.Posthog(TOKEN, host=HOST, flush_at=1)
assert remote.get_all_flags("py-1") == DECLARED
assert remote.get_feature_flag("colour", "py-1") == "blue"
assert remote.get_feature_flag("none", "py-1") in (None, False)
assert json.loads(remote.get_all_flags_and_payloads("py-1")["featureFlagPayloads"]["new-checkout"]) == {"discount": 10}
switch_to("off", {"value": "violet"})
assert remote.get_feature_flag("off", "py-3") == "violet"
switch_to("off", {"reset": True})
remote.shutdown()

local = posthog.Posthog(TOKEN, host=HOST, personal_api_key=PERSONAL_KEY, flush_at=1, poll_interval=60)
local.load_feature_flags()
assert local.get_all_flags("py-2", only_evaluate_locally=True) == DECLARED
assert local.get_feature_flag("colour", "py-2", only_evaluate_locally=True) == "blue"
assert local.get_remote_config_payload("limits") in ([1, 2], "[1,2]")
# Nothing has changed, so the definitions are not sent again.
local.load_feature_flags()
assert local.get_feature_flag("off", "py-4", only_evaluate_locally=True) is False
switch_to("off", {"value": "violet"})
local.load_feature_flags()
assert local.get_feature_flag("off", "py-3", only_evaluate_locally=True) == "violet"
switch_to("off", {"reset": True})
local.capture("bought", distinct_id="py-2", send_feature_flags=True)
local.shutdown()
assert captured(event="$feature_flag_called", distinct_id="py-2")["properties"]["$feature_flag_response"] == "blue"
assert captured(event="bought", distinct_id="py-2")["properties"]["$feature/colour"] == "blue"

if complaints:
    sys.exit("\n".join(f"posthog for Python complains: {complaint}" for complaint in complaints))
print("posthog for Python: flags as declared and as switched, no complaint")
