"""posthog-python's callback for LangChain, with LangChain's own models; once in a chain, of which it reports each step."""
from common import CHATS, NO_KEY, PROVIDER, attempt, chat, client
from langchain_anthropic import ChatAnthropic
from langchain_core.messages.utils import convert_to_messages
from langchain_core.runnables import RunnableLambda
from langchain_openai import ChatOpenAI
from posthog.ai.langchain import CallbackHandler

posthog = client()
tools = [{"type": "function", "function": {"name": "find_order", "parameters": CHATS["schema"]}}]


def invoke(model, messages, distinct_id=None):
    callback = CallbackHandler(client=posthog, distinct_id=distinct_id)
    model.invoke(convert_to_messages(messages), config={"callbacks": [callback]})


def openai(model):
    return ChatOpenAI(model=model, api_key=NO_KEY, base_url=f"{PROVIDER}/v1", max_retries=0).bind_tools(tools)


def anthropic(model):
    return ChatAnthropic(model=model, api_key=NO_KEY, base_url=PROVIDER, max_retries=0)


def anthropic_chat(case):
    whole = chat("anthropic", case)
    return [{"role": "system", "content": whole["system"]}, *whole["messages"]]


case = "langchain-openai-rate-limit"
attempt(case, lambda: invoke(openai("refuses-429"), chat("openai", case), "user_1007"))
case = "langchain-openai-too-long"
attempt(case, lambda: invoke(openai("refuses-400"), chat("openai", case)))
case = "langchain-anthropic-overloaded"
attempt(case, lambda: invoke(anthropic("refuses-529"), anthropic_chat(case)))
case = "langchain-chain"
attempt(case, lambda: invoke(RunnableLambda(lambda messages: messages) | openai("refuses-529"), chat("openai", case)))
case = "langchain-answered"
attempt(case, lambda: invoke(openai("answers"), chat("openai", case)))
posthog.shutdown()
