"""posthog-python's wrapper of the OpenAI client: chat and responses, with and without a stream, and asynchronous."""
import asyncio

from common import CHATS, NO_KEY, PROVIDER, attempt, attempt_async, chat, client
from posthog.ai.openai import AsyncOpenAI, OpenAI

posthog = client()
settings = {"api_key": NO_KEY, "base_url": f"{PROVIDER}/v1", "max_retries": 0, "posthog_client": posthog}
openai = OpenAI(**settings)
tools = [{"type": "function", "function": {"name": "find_order", "parameters": CHATS["schema"]}}]


def complete(case, model, **more):
    return openai.chat.completions.create(model=model, messages=chat("openai", case), tools=tools, **more)


def read(stream):
    for _ in stream:
        pass


def respond(case, model):
    openai.responses.create(model=model, **chat("responses", case))


async def complete_async():
    case = "python-openai-async"
    client = AsyncOpenAI(**settings)
    await attempt_async(case, lambda: client.chat.completions.create(model="refuses-529", messages=chat("openai", case)))
    await client.close()


case = "python-openai-rate-limit"
attempt(case, lambda: complete(case, "refuses-429", posthog_distinct_id="user_1007"))
case = "python-openai-too-long"
attempt(case, lambda: complete(case, "refuses-400", posthog_distinct_id="mara.lindqvist@posteo.de"))
case = "python-openai-stream-refused"
attempt(case, lambda: read(complete(case, "refuses-429", stream=True)))
case = "python-openai-stream-breaks"
attempt(case, lambda: read(complete(case, "breaks", stream=True)))
case = "python-openai-responses"
attempt(case, lambda: respond(case, "refuses-529"))
case = "python-openai-private"
attempt(case, lambda: complete(case, "refuses-429", posthog_privacy_mode=True, posthog_properties={"case": case}))
asyncio.run(complete_async())
case = "python-openai-answered"
attempt(case, lambda: complete(case, "answers"))
case = "python-openai-responses-answered"
attempt(case, lambda: respond(case, "answers"))
posthog.shutdown()
