"""Writes generations.jsonl and the lines that belong to it, as the API would after months: made_up_generations.py FOLDER ROWS [SEED]

People ask for things; some requests fail, most of those are sent again; some answers are judged. Chats have tools, calls of tools,
images, unusual characters and placeholders. The rows are in the order of time.
"""
import datetime
import hashlib
import json
import pathlib
import random
import sys
import uuid

KEYS = "timestamp kind uuid about submission trace_id session_id distinct_id model provider http_status failure_reason input input_hash output tools feedback label".split()
LINE_KEYS = "timestamp event failure_reason input_prompt distinct_id uuid".split()
WORDS = "chair table invoice weather Oslo résumé 椅子 привет refund \"quoted\" {{braces}} [EMAIL_1] [PHONE_2] \u2028 \u0085 line\nbreak tab\t 🙂 kitchen report order delivery".split(" ")
FAILURES = [("503", "overloaded"), ("429", "rate limited"), ("", "timeout"), ("500", "[EMAIL_1] has no quota")]
TOOLS = [
    [{"type": "function", "function": {"name": "find", "description": "Finds things", "parameters": {"type": "object", "properties": {"what": {"type": "string"}}, "required": ["what"]}}}],
    [
        {"type": "function", "function": {"name": "weather", "description": "Tells the weather", "parameters": {"type": "object", "properties": {"days": {"type": "integer"}, "at": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}}},
        {"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}},
    ],
]


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def line(keys, values):
    text = compact({key: values.get(key, "") for key in keys})
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\u0085", "\\u0085") + "\n"


def main():
    folder, rows, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
    rng = random.Random(seed)
    say = lambda low, high: " ".join(rng.choices(WORDS, k=rng.randint(low, high)))
    fresh = lambda: str(uuid.UUID(int=rng.getrandbits(128), version=4))
    start = datetime.datetime(2026, 3, 2, tzinfo=datetime.timezone.utc)
    written, clock = 0, 0.0
    people = max(10, rows // 20)
    waiting = []  # (time, line of the row, line of training_data.jsonl or None), not yet in order

    def put(at, values, has_line=False):
        time = start + datetime.timedelta(seconds=at)
        values |= {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"}
        lines = dict(values, event="generation_failed", input_prompt=values["input"])
        waiting.append((at, line(KEYS, values), line(LINE_KEYS, lines) if has_line else None))

    def answer(tools):
        if tools and rng.random() < 0.5:
            call = {"id": "call_1", "type": "function", "function": {"name": tools[0]["function"]["name"], "arguments": compact({"what": say(1, 3)})}}
            messages = [{"role": "assistant", "content": "", "tool_calls": [call]}]
            if rng.random() < 0.5:
                messages += [{"role": "tool", "content": say(1, 5), "tool_call_id": "call_1"}, {"role": "assistant", "content": say(5, 60)}]
            return messages
        return [{"role": "assistant", "content": say(5, 120)}]

    with open(folder / "generations.jsonl", "w", newline="\n") as generations, open(folder / "training_data.jsonl", "w", newline="\n") as data:
        while written < rows:
            clock += rng.expovariate(1 / 3)
            person = rng.randrange(people)
            chat = [{"role": "system", "content": "You help. Be brief."}] if rng.random() < 0.5 else []
            for _ in range(rng.choice([0, 0, 0, 1, 2])):
                chat += [{"role": "user", "content": say(5, 60)}, {"role": "assistant", "content": say(5, 60)}]
            chat += [{"role": "user", "content": say(5, 150) + rng.choice(["", "", "\n[image image/png, 48 kB]"])}]
            tools = rng.choice([None, None, *TOOLS])
            asked = compact(chat) if rng.random() < 0.9 else say(3, 40)
            base = {
                "trace_id": fresh(), "session_id": f"session_{person}", "distinct_id": f"user_{person}",
                "model": rng.choice(["gpt-5", "gpt-5-mini", "claude-sonnet-4-5"]), "provider": rng.choice(["openai", "anthropic"]),
                "input": asked, "input_hash": hashlib.sha256(f"{asked}{tools}{clock}".encode()).hexdigest(), "tools": compact(tools) if tools else "",
            }
            at, goes_well = clock, rng.random() < 0.4
            while not goes_well:
                status, reason = rng.choice(FAILURES)
                put(at, base | {"kind": "failure", "uuid": fresh(), "http_status": status, "failure_reason": reason}, True)
                at += rng.uniform(2, 900)
                if rng.random() < 0.3:
                    break
                goes_well = rng.random() < 0.7
            for number in range(rng.choice([1, 1, 1, 2]) if goes_well else 0):
                success = base | {"kind": "success", "uuid": fresh(), "http_status": "200", "output": compact(answer(tools))}
                put(at, success)
                if rng.random() < 0.4:
                    label = rng.choice(["good", "bad"])
                    reason = f'evaluation "{rng.choice(["tone", "grounded"])}": {say(3, 9)}' if label == "bad" else ""
                    put(at + 1, success | {"kind": "verdict", "uuid": fresh(), "about": success["uuid"], "http_status": "", "label": label, "failure_reason": reason}, label == "bad")
                at += rng.uniform(2, 900)
            if len(waiting) > 20_000 or written + len(waiting) >= rows:
                waiting.sort(key=lambda entry: entry[0])
                for _, row, of_data in waiting:
                    generations.write(row)
                    data.write(of_data or "")
                written += len(waiting)
                waiting.clear()


if __name__ == "__main__":
    main()
