"""posthog-python's wrapper of the Anthropic client."""
from common import CHATS, NO_KEY, PROVIDER, attempt, chat, client
from posthog.ai.anthropic import Anthropic

posthog = client()
anthropic = Anthropic(api_key=NO_KEY, base_url=PROVIDER, max_retries=0, posthog_client=posthog)
tools = [{"name": "find_order", "input_schema": CHATS["schema"]}]


def create(case, model, **more):
    return anthropic.messages.create(model=model, max_tokens=100, tools=tools, **chat("anthropic", case), **more)


def read(stream):
    for _ in stream:
        pass


case = "python-anthropic-overloaded"
attempt(case, lambda: create(case, "refuses-529"))
case = "python-anthropic-too-long"
attempt(case, lambda: create(case, "refuses-400", posthog_distinct_id="user_1007"))
case = "python-anthropic-stream-refused"
attempt(case, lambda: read(create(case, "refuses-429", stream=True)))
case = "python-anthropic-stream-breaks"
attempt(case, lambda: read(create(case, "breaks", stream=True)))
case = "python-anthropic-answered"
attempt(case, lambda: create(case, "answers"))
posthog.shutdown()
