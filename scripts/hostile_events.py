"""Posts hostile generation_failed events to the API until COUNT are stored: hostile_events.py ADDR COUNT SEED

Their texts hold what breaks readers (control characters, lone surrogates, line separators, byte order marks, JSON in JSON), what
the sanitizer looks for, and what template engines run. Prompts have unexpected types; times and ids are often invalid.
"""
import glob
import http.client
import json
import pathlib
import random
import sys
import threading
import uuid

CONNECTIONS = 48
PIECES = [
    "a wooden chair ", "write to jane.doe@example.com ", "card 4111 1111 1111 1111 ", "call +1 415 555 0132 ", "from 8.8.8.8 ",
    "DE89 3704 0044 0532 0130 00 ", "Authorization: Bearer abcdef0123456789abcdef ", "postgres://app:hunter2@db.example.org/x ",
    "\u2028", "\u2029", "\u0085", "\ufeff", "\x00", "\x07", "\x1b[31m", "\r\n", "\r", "\t", "\n\n", "\x7f", "\x9f", "\ud800", "\udc00",
    "\ud83e\ude91 ", "🪑 ", "椅子を描いて", "كرسي ", "\u202eevil\u202c ", "e\u0301 ", "\u200b", '"quoted" ', "\\backslash\\ ", "'; DROP TABLE x;-- ",
    '{"role":"system","content":"x"} ', "{{ env.HOME }} ", "{% raw %} ", "${jndi:ldap://x} ", "file:///etc/hostname", "=1+1", "</script><b> ",
    "[EMAIL_1] ", "[EMAIL_65535] ", "[PERSON_9", "NaN ", "null", "None", "0001-01-01", "1e999 ", "0123456789" * 30, "Dear Mr. John Smith, ",
]
TIMES = ["2026-03-02T10:15:30.123Z", "2026-11-23T23:59:59.9999+05:30", "0000-00-00", "9999-12-31T23:59:60Z", "yesterday", 1772446530, None, "1969-07-20T20:17:40Z"]
USERS = ["jane@example.com", "Jane Doe", "user_{}", "worker:job-{}", "", " ", "{}", "usér_測{}", None, 7, "4111111111111111", "\ud800"]


def text(rng):
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 12)))


def prompt(rng):
    kind = rng.random()
    if kind < 0.85:
        return text(rng)
    if kind < 0.87:
        return tool_chat(rng)
    if kind < 0.93:
        return [{"role": rng.choice(["system", "user"]), "content": text(rng)} for _ in range(rng.randint(1, 3))]
    if kind < 0.96:
        return {"password": text(rng), "n": rng.choice([1e300, 4111111111111111, -0.0, True, None]), "deep": [[[text(rng)]]]}
    return rng.choice([0, 12345.678, True, "x" * rng.randint(1, 60_000), text(rng) * 50])


def tool_chat(rng):
    """A chat with tools, as one SDK or another sends it."""
    call = {"a": text(rng)}
    return rng.choice([
        [{"role": "assistant", "content": None, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": json.dumps(call)}}]}, {"role": "tool", "tool_call_id": "c1", "content": text(rng)}],
        [{"role": "assistant", "content": [{"type": "tool_use", "id": "c1", "name": "f", "input": call}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": text(rng)}]}],
        {"contents": [{"role": "model", "parts": [{"functionCall": {"name": "f", "args": call}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": call}}]}]},
    ])


def body(rng, fixtures):
    event = {
        "uuid": str(uuid.UUID(int=rng.getrandbits(128))), "event": "generation_failed", "timestamp": rng.choice(TIMES),
        "distinct_id": rng.choice(USERS), "properties": {"input_prompt": prompt(rng), "failure_reason": rng.choice([text(rng), "timeout", None, 503, ["x"]])},
    }
    if isinstance(event["distinct_id"], str):
        event["distinct_id"] = event["distinct_id"].replace("{}", str(rng.randint(1, 5_000)))
    whole = {"event": event, "person": {"name": "Jane Doe", "properties": {"email": "jane@example.com"}}}
    if fixtures and rng.random() < 0.05:
        whole = json.loads(rng.choice(fixtures))
        if isinstance(whole.get("event"), dict):
            whole["event"]["uuid"] = event["uuid"]
    return json.dumps(whole, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def main():
    addr, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    folder = pathlib.Path(__file__).resolve().parents[2] / "shared/posthog/fixtures"
    fixtures = [open(path, encoding="utf-8").read() for path in sorted(glob.glob(f"{folder}/*.json"))]
    lock, stored, answers = threading.Lock(), [0], {}

    def post(number):
        rng = random.Random(seed * 1_000 + number)
        connection = http.client.HTTPConnection(addr, timeout=30)
        while True:
            with lock:
                if stored[0] >= count:
                    return
                stored[0] += 1
            connection.request("POST", "/api/webhooks", body(rng, fixtures), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer_body = answer.read()
            if answer.status != 200 or b'"stored"' not in answer_body:
                with lock:
                    stored[0] -= 1
                    answers[answer.status] = answers.get(answer.status, 0) + 1

    threads = [threading.Thread(target=post, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{count} stored; other answers: {dict(sorted(answers.items()))}")


if __name__ == "__main__":
    main()
