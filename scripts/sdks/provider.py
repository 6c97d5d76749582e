"""A provider of models on loopback that fails as it is asked to: provider.py PORT

It speaks OpenAI's chat and responses, Anthropic's messages and Gemini. The model's name says what happens: refuses-429, refuses-529,
refuses-400, breaks (a stream that ends in its middle) or answers. A refusal's headers hold a mark that must not reach the data, and
the message of a 400 repeats an address, as providers' messages do.
"""
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MESSAGES = {
    400: "This model's maximum context length is 128000 tokens, and the messages of mara.lindqvist@posteo.de have 131072.",
    429: "Rate limit reached for requests. Please try again in 20s.",
    529: "Overloaded",
}
OPENAI_TYPES = {400: ("invalid_request_error", "context_length_exceeded"), 429: ("requests", "rate_limit_exceeded"), 529: ("server_error", None)}
ANTHROPIC_TYPES = {400: "invalid_request_error", 429: "rate_limit_error", 529: "overloaded_error"}
GEMINI_STATUSES = {400: "INVALID_ARGUMENT", 429: "RESOURCE_EXHAUSTED", 529: "UNAVAILABLE"}
TEXT = "Dear customer,"


def openai_error(status):
    kind, code = OPENAI_TYPES[status]
    return {"error": {"message": MESSAGES[status], "type": kind, "param": None, "code": code}}


def anthropic_error(status):
    return {"type": "error", "error": {"type": ANTHROPIC_TYPES[status], "message": MESSAGES[status]}, "request_id": "req_011CSHoEeqs5C35K2UUqR7Fy"}


def gemini_error(status):
    return {"error": {"code": status, "message": MESSAGES[status], "status": GEMINI_STATUSES[status]}}


def chat(model):
    start = {"id": "chatcmpl-1", "created": 1700000000, "model": model}
    answer = {**start, "object": "chat.completion", "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
              "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": TEXT}}]}
    delta = {**start, "object": "chat.completion.chunk",
             "choices": [{"index": 0, "finish_reason": None, "delta": {"role": "assistant", "content": TEXT}}]}
    return answer, [(None, delta)]


def responses(model):
    start = {"id": "resp_1", "object": "response", "created_at": 1700000000, "model": model, "parallel_tool_calls": True, "tool_choice": "auto",
             "tools": [], "error": None, "incomplete_details": None, "instructions": None, "metadata": {}}
    part = {"type": "output_text", "text": TEXT, "annotations": []}
    usage = {"input_tokens": 9, "output_tokens": 3, "total_tokens": 12,
             "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    answer = {**start, "status": "completed", "usage": usage,
              "output": [{"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}]}
    created = {"type": "response.created", "sequence_number": 0, "response": {**start, "status": "in_progress", "output": []}}
    return answer, [("response.created", created)]


def messages(model):
    start = {"id": "msg_1", "type": "message", "role": "assistant", "model": model, "stop_sequence": None}
    answer = {**start, "content": [{"type": "text", "text": TEXT}], "stop_reason": "end_turn", "usage": {"input_tokens": 9, "output_tokens": 3}}
    began = {**start, "content": [], "stop_reason": None, "usage": {"input_tokens": 9, "output_tokens": 1}}
    return answer, [
        ("message_start", {"type": "message_start", "message": began}),
        ("content_block_start", {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        ("content_block_delta", {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": TEXT}}),
        ("error", anthropic_error(529)),  # Anthropic's own way to break a stream
    ]


def gemini(model):
    content = {"role": "model", "parts": [{"text": TEXT}]}
    usage = {"promptTokenCount": 9, "candidatesTokenCount": 3, "totalTokenCount": 12}
    return {"candidates": [{"content": content, "finishReason": "STOP"}], "usageMetadata": usage, "modelVersion": model}, []


APIS = {
    "/chat/completions": (chat, openai_error),
    "/responses": (responses, openai_error),
    "/messages": (messages, anthropic_error),
    ":generateContent": (gemini, gemini_error),
}


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        path = self.path.split("?")[0]
        found = [api for end, api in APIS.items() if path.endswith(end)]
        if not found:
            return self.answer(404, {"error": {"message": f"no such path: {self.path}"}})
        (speak, error), = found
        what = request.get("model") or path.split("/")[-1].split(":")[0]  # Gemini has it in the path
        if what.startswith("refuses-"):
            status = int(what.removeprefix("refuses-"))
            return self.answer(status, error(status))
        answer, stream = speak(what)
        if what == "breaks" and request.get("stream"):
            return self.break_off(stream)
        self.answer(200, answer)

    def answer(self, status, body):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Request-Id", "mark-in-a-header")
        self.end_headers()
        self.wfile.write(body)

    def break_off(self, events):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for name, event in events:
            text = f"event: {name}\n" * bool(name) + f"data: {json.dumps(event)}\n\n"
            self.wfile.write(f"{len(text.encode()):x}\r\n{text}\r\n".encode())
        self.close_connection = True  # without the last chunk

    def do_GET(self):
        self.answer(200, {})

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Provider).serve_forever()
