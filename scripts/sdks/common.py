"""What the programs with a Python SDK share: where to send to, the chats, and calls that are meant to fail."""
import json
import os
import pathlib

import posthog

PROVIDER = os.environ["PROVIDER"]
CHATS = json.loads((pathlib.Path(__file__).parent / "chats.json").read_text())
# Not real keys: the provider is on loopback.
NO_KEY = "none"


def client():
    return posthog.Posthog("phc_local", host=os.environ["POSTHOG_HOST"])


def chat(shape, case):
    """The chat in a provider's shape, with the case's name in its system prompt."""
    return json.loads(json.dumps(CHATS[shape]).replace("{case}", case))


def attempt(case, call):
    """Makes a call, and prints how it went: what must come of it stands in cases.json."""
    try:
        call()
        print(f"{case}: answered", flush=True)
    except Exception as error:
        print(f"{case}: {type(error).__name__}", flush=True)


async def attempt_async(case, call):
    """The same for a call that is awaited."""
    try:
        await call()
        print(f"{case}: answered", flush=True)
    except Exception as error:
        print(f"{case}: {type(error).__name__}", flush=True)
