"""posthog-python's wrapper of the Gemini client."""
from common import NO_KEY, PROVIDER, attempt, chat, client
from posthog.ai.gemini import Client

posthog = client()
gemini = Client(api_key=NO_KEY, posthog_client=posthog, http_options={"base_url": PROVIDER})


def generate(case, model, **more):
    whole = chat("gemini", case)
    config = {"system_instruction": whole["system"]}
    gemini.models.generate_content(model=model, contents=whole["contents"], config=config, **more)


case = "python-gemini-rate-limit"
attempt(case, lambda: generate(case, "refuses-429"))
case = "python-gemini-too-long"
attempt(case, lambda: generate(case, "refuses-400", posthog_distinct_id="user_1007"))
case = "python-gemini-answered"
attempt(case, lambda: generate(case, "answers"))
posthog.shutdown()
