"""The same generation as each of five SDKs sends it to PostHog.

The shapes are those of posthog-python 7.91 (its wrapper of OpenAI's client, and its callback for LangChain), of @posthog/ai 8.13 (Vercel),
of LiteLLM 1.110, and of OpenTelemetry's attributes as PostHog maps them. scripts/test-sdks measures the first four against a provider.
"""
import json

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk{}8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


def image(number):
    """A small image in base64: each number another one of the same size."""
    return PNG.format(f"{number:04d}")


class Sdk:
    """`chat` holds (role, text) or (role, text, image); `tools` names of functions; `answer` a text, a call of a tool (name, arguments) or a
    refusal."""
    provider, model, libs = "openai", "gpt-5-mini", {}

    def input(self, chat):
        return [{"role": role, "content": self.content(text, *picture)} for role, text, *picture in chat]

    def content(self, text, picture=None):
        return text if picture is None else [{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}}]

    def tools(self, names):
        return [{"type": "function", "function": {"name": name, "description": f"Calls {name} of the shop", "parameters": schema()}} for name in names]

    def answer(self, answer):
        if isinstance(answer, tuple):
            part = {"type": "function", "id": "call_1", "function": {"name": answer[0], "arguments": json.dumps(answer[1])}}
        else:
            part = {"type": "text", "text": answer}
        return [{"role": "assistant", "content": [part]}]

    def refusal(self, words):
        return [{"role": "assistant", "content": [{"type": "refusal", "refusal": words}]}]

    def failed(self, status, words):
        return {"$ai_is_error": True, "$ai_error": f"Error code: {status} - {words}", "$ai_http_status": status, "$ai_output_choices": []}

    def cut(self, text):
        """A stream that the network cut."""
        return {"$ai_is_error": True, "$ai_error": "Connection error.", "$ai_http_status": 200, "$ai_output_choices": self.answer(text)}

    def succeeded(self, output):
        return {"$ai_http_status": 200, "$ai_output_choices": output, "$ai_stop_reason": "stop"}

    def generation(self, chat, tools, outcome, trace):
        properties = {"$ai_provider": self.provider, "$ai_model": self.model, "$ai_input": self.input(chat), "$ai_latency": 1.84, "$ai_trace_id": trace,
                      "$ai_input_tokens": 412, "$ai_output_tokens": 58, **self.libs, **outcome}
        if tools:
            properties["$ai_tools"] = self.tools(tools)
        return {key: value for key, value in properties.items() if value is not ABSENT}


ABSENT = object()


def schema():
    return {"type": "object", "properties": {"order_id": {"type": "string"}}, "required": ["order_id"]}


class PythonOpenAi(Sdk):
    libs = {"$ai_lib": "posthog-ai", "$ai_lib_version": "7.91.1", "$ai_base_url": "https://api.openai.com/v1/", "$lib": "posthog-python", "$python_version": "3.12.7"}


class Vercel(Sdk):
    provider, model = "anthropic", "claude-sonnet-4-5"
    libs = {"$ai_lib": "posthog-ai", "$ai_lib_version": "8.13.1", "$ai_framework": "vercel", "$lib": "posthog-node"}

    def content(self, text, picture=None):
        # The SDK leaves the bytes of images out.
        file = {"type": "file", "mediaType": "image/png", "file": "[base64 image/png redacted]"}
        return [{"type": "text", "text": text}] + ([file] if picture else [])

    def tools(self, names):
        return [{"type": "function", "name": name, "description": f"Calls {name} of the shop", "inputSchema": schema()} for name in names]

    def answer(self, answer):
        if isinstance(answer, tuple):
            return [{"role": "assistant", "content": [{"type": "tool-call", "id": "call_1", "function": {"name": answer[0], "arguments": json.dumps(answer[1])}}]}]
        return [{"role": "assistant", "content": answer}]

    def failed(self, status, words):
        error = {"name": "AI_APICallError", "message": words, "stack": "AI_APICallError: at file:///srv/app/node_modules/x.mjs:1:1", "url": "https://api.anthropic.com/v1/messages",
                 "requestBodyValues": {"messages": "the whole prompt of jane@example.com"}, "statusCode": status, "responseHeaders": {"request-id": "req_011CTest"}}
        return {"$ai_is_error": True, "$ai_error": json.dumps(error), "$ai_http_status": status, "$ai_output_choices": []}


class LangChain(Sdk):
    libs = {"$ai_lib": "posthog-ai", "$ai_framework": "langchain", "$lib": "posthog-python", "$ai_span_name": "ChatOpenAI"}

    def answer(self, answer):
        if isinstance(answer, tuple):
            call = {"id": "call_1", "type": "function", "function": {"name": answer[0], "arguments": json.dumps(answer[1])}}
            return [{"role": "assistant", "content": "", "tool_calls": [call]}]
        return [{"role": "assistant", "content": answer}]

    def failed(self, status, words):
        return {"$ai_is_error": True, "$ai_error": f"RateLimitError: Error code: {status} - {words}", "$ai_http_status": status}


class LiteLlm(Sdk):
    libs = {"$ai_total_cost_usd": 0.0}

    def answer(self, answer):
        message = {"role": "assistant", "content": answer}
        if isinstance(answer, tuple):
            message |= {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": answer[0], "arguments": json.dumps(answer[1])}}]}
        return {"id": "chatcmpl-1", "object": "chat.completion", "choices": [{"index": 0, "finish_reason": "stop", "message": message}]}

    def refusal(self, words):
        return {"id": "chatcmpl-1", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": None, "refusal": words}}]}

    def failed(self, status, words):
        return {"$ai_is_error": True, "$ai_error": f"litellm.RateLimitError: OpenAIException - {words}", "$ai_output_choices": {}}

    def succeeded(self, output):
        return {"$ai_output_choices": output}


class OpenTelemetry(Sdk):
    provider, model = "gcp.gemini", "gemini-3-pro"
    libs = {"$ai_lib": "opentelemetry", "$ai_ingestion_source": "otel"}

    def input(self, chat):
        return [{"role": role, "parts": self.parts(text, *picture)} for role, text, *picture in chat]

    def parts(self, text, picture=None):
        blob = {"type": "blob", "modality": "image", "mime_type": "image/png", "content": picture}
        return [{"type": "text", "content": text}] + ([blob] if picture else [])

    def answer(self, answer):
        if isinstance(answer, tuple):
            part = {"type": "tool_call", "id": "call_1", "name": answer[0], "arguments": answer[1]}
        else:
            part = {"type": "text", "content": answer}
        return [{"role": "assistant", "parts": [part], "finish_reason": "stop"}]

    def failed(self, status, words):
        # It has the type of the error alone, and 500 for every status.
        return {"$ai_is_error": True, "$ai_error": words, "$ai_error_type": str(status), "$ai_http_status": 500}


SDKS = {"python-openai": PythonOpenAi(), "vercel": Vercel(), "langchain": LangChain(), "litellm": LiteLlm(), "opentelemetry": OpenTelemetry()}
# Those whose events have the bytes of an image.
WITH_IMAGES = [name for name in SDKS if name != "vercel"]
# Those whose events mark a refusal.
WITH_REFUSALS = ["python-openai", "litellm"]
