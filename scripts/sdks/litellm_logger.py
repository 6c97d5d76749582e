"""LiteLLM's own logger for PostHog. Its key and address are environment variables; it sends what is queued once a second."""
import asyncio
import os

os.environ |= {
    "DEFAULT_FLUSH_INTERVAL_SECONDS": "1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else it downloads its prices at the start
    "POSTHOG_API_KEY": "phc_local",
    "POSTHOG_API_URL": os.environ["POSTHOG_HOST"],
}

import litellm
from common import NO_KEY, PROVIDER, attempt, attempt_async, chat

# Two lists: LiteLLM takes entries out of them.
litellm.success_callback, litellm.failure_callback = ["posthog"], ["posthog"]
litellm.suppress_debug_info = True
openai = {"api_key": NO_KEY, "api_base": f"{PROVIDER}/v1", "num_retries": 0, "max_retries": 0}


def acomplete(case, model, **more):
    return litellm.acompletion(model=f"openai/{model}", messages=chat("openai", case), **openai, **more)


async def main():
    case = "litellm-rate-limit"
    await attempt_async(case, lambda: acomplete(case, "refuses-429", metadata={"user_id": "user_1007"}))
    case = "litellm-too-long"
    await attempt_async(case, lambda: acomplete(case, "refuses-400", metadata={"user_id": "mara.lindqvist@posteo.de"}))
    case = "litellm-overloaded"
    await attempt_async(case, lambda: acomplete(case, "refuses-529"))
    case = "litellm-answered"
    await attempt_async(case, lambda: acomplete(case, "answers"))
    await asyncio.sleep(2.5)  # two rounds of its queue; nothing tells when it is empty


case = "litellm-synchronous"
attempt(case, lambda: litellm.completion(model="openai/refuses-429", messages=chat("openai", case), **openai))
asyncio.run(main())
