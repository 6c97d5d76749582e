"""Compares the stored lines with the events that the SDKs sent, and prints what came of each SDK.

check.py FOLDER LAST_UUID: the folder has posthog-local's state.json, the data and its export; the event LAST_UUID is no SDK's.
"""
import collections
import importlib.metadata
import json
import pathlib
import re
import sys

PROGRAMS = pathlib.Path(__file__).parent
FOLDER, LAST = pathlib.Path(sys.argv[1]), sys.argv[2]
CHATS = json.loads((PROGRAMS / "chats.json").read_text())
SDKS = json.loads((PROGRAMS / "cases.json").read_text())
CASES = {case: wanted for sdk in SDKS for case, wanted in sdk["cases"].items()}
IMAGE = CHATS["anthropic"]["messages"][-1]["content"][-1]["source"]["data"]
MARKER = "[image image/png, 70 B]"
# What may be nowhere in the data: what is personal, and what SDKs send of an error beside its name and message.
NOT_KEPT = [*CHATS["personal"], IMAGE, "mark-in-a-header", "requestBodyValues", "responseHeaders", "\\\"stack", "node_modules", "Traceback", "127.0.0.1"]
# A chat of each kind as it is exported, by its last words: what is left of the image depends on the SDK.
EXPORTED = {
    "python-openai-rate-limit": ("call_1", "[image]"),
    "python-openai-responses": ("call_1", "[image]"),
    "python-anthropic-overloaded": ("toolu_1", MARKER),
    "python-gemini-rate-limit": ("call_1", MARKER),
    "langchain-openai-rate-limit": ("call_1", "[image]"),
    "litellm-rate-limit": ("call_1", "[image]"),
    "node-openai-responses": ("call_1", "[image image/png]"),
    "node-anthropic-overloaded": ("toolu_1", "[image image/png]"),
    "node-vercel-rate-limit": ("call_1", "[image image/png]"),
}

wrong = []


def expect(is_right, *what):
    if not is_right:
        wrong.append(" ".join(map(str, what)))


def cleaned(text):
    """The text with the placeholders that the sanitizer should write."""
    for value, placeholder in CHATS["personal"].items():
        text = text.replace(value, placeholder)
    return text.replace(f"data:image/png;base64,{IMAGE}", MARKER).replace(IMAGE, MARKER)


def events_by_uuid():
    """Each event's content, and the case that it belongs to."""
    events = {}
    for event in json.loads((FOLDER / "state.json").read_text())["events"]:
        if event["uuid"] == LAST:
            continue
        found = [case for case in CASES if re.search(rf"(?<![a-z-]){case}(?![a-z-])", json.dumps(event))]
        expect(len(found) == 1, "an event of no case or of several:", event["event"], event["uuid"], found)
        # A PostHog that keeps the content whole has it among the properties.
        content = {**event["properties"], **(event.get("heavy") or {})}
        for case in found[:1]:
            events[event["uuid"]] = (case, event["distinct_id"], content)
    return events


def check_line(line, case, distinct_id, content):
    sent = json.dumps(content.get("$ai_input"))
    stored = line["input_prompt"]
    expect(json.loads(stored) == json.loads(cleaned(sent)), case, "is stored as", stored, "and was sent as", sent)
    expect(line["failure_reason"] == CASES[case].get("reason"), case, "has the reason", line["failure_reason"])
    hashed = re.fullmatch("u_[0-9a-f]{32}", line["distinct_id"])
    expect(hashed if "@" in distinct_id else line["distinct_id"] == distinct_id, case, "has the distinct_id", line["distinct_id"])


def exported_chat(case):
    """The same chat in the one shape, whichever SDK sent it."""
    call_id, image = EXPORTED[case]
    system, ask, call, result, last = json.loads(cleaned(json.dumps(CHATS["openai"]).replace("{case}", case)))
    call["content"], call["tool_calls"][0]["id"], result["tool_call_id"] = "", call_id, call_id
    return [system, ask, call, result, {"role": "user", "content": f"{last['content'][0]['text']}\n{image}"}]


def plain(message):
    """A message with its arguments and results parsed, because each SDK prints JSON in its own way; without what few SDKs have."""
    message = {key: value for key, value in message.items() if key != "name"}
    if message["role"] == "tool":
        message["content"] = json.loads(message["content"])
    for call in message.get("tool_calls", []):
        call["function"]["arguments"] = json.loads(call["function"]["arguments"])
    return message


def check_export():
    rows = [json.loads(row)["prompt"] for row in (FOLDER / "prompts/data.jsonl").read_text().splitlines()]
    for case in EXPORTED:
        found = [row for row in rows if row[0]["content"].endswith(f"This is {case}.")]
        expect(len(found) == 1, case, "is exported", len(found), "times")
        for row in found:
            is_right = [*map(plain, row)] == [*map(plain, exported_chat(case))]
            expect(is_right, case, "is exported as", json.dumps(row))


def check_files():
    for path in [*FOLDER.glob("training_data*"), *FOLDER.glob("prompts/*"), *FOLDER.glob(".misfire/*")]:
        text = path.read_text(errors="replace")
        for what in NOT_KEPT:
            expect(what not in text, path.name, "holds", what)
    quarantine = FOLDER / ".misfire/quarantine.jsonl"
    expect(not quarantine.exists() or not quarantine.read_text(), "the quarantine holds", quarantine)


def version(sdk, package):
    if sdk["from"] == "PyPI":
        return importlib.metadata.version(package)
    return json.loads((PROGRAMS / "node_modules" / package / "package.json").read_text())["version"]


def main():
    events = events_by_uuid()
    sent = collections.Counter(case for case, _, _ in events.values())
    lines = collections.Counter()
    for line in map(json.loads, (FOLDER / "training_data.jsonl").read_text().splitlines()):
        if line["uuid"] in events:
            lines[events[line["uuid"]][0]] += 1
            check_line(line, *events[line["uuid"]])
        else:
            expect(line["uuid"] == LAST, "a line without an event:", line)
    for case, wanted in CASES.items():
        expect(sent[case] == wanted["events"], case, "sent", sent[case], "events instead of", wanted["events"])
        expect(lines[case] == wanted["lines"], case, "gave", lines[case], "lines instead of", wanted["lines"])
    check_export()
    check_files()

    print("\n| SDK | versions | events | lines | what it does not report |\n|---|---|---|---|---|")
    for sdk in SDKS:
        versions = ", ".join(f"{package} {version(sdk, package)}" for package in sdk["packages"])
        events_sent, lines_stored = (sum(counts[case] for case in sdk["cases"]) for counts in (sent, lines))
        print(f"| {sdk['name']} | {versions} | {events_sent} | {lines_stored} | {sdk['not_reported']} |")
    if wrong:
        sys.exit("\n".join(["", *wrong, f"test-sdks: {len(wrong)} things are wrong"]))


main()
