"""The table of scripts/bench-rows: bench_rows.py MISFIRE ROUNDS

CPU time is the server's own, from /proc. The servers take turns, so that what else the machine does hits both.
"""
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

WARM_S, SECONDS, CONNECTIONS = 1, 4, 64
RATIO_MAX = 1.5
# As built in, without what makes rows.
LINES_ALONE = """built_in = false
[[events]]
name = "$ai_generation"
when = { "$ai_is_error" = true }
input = "$ai_input"
reason = ["$ai_error", "$ai_error_type"]
"""
ASKED = ["Write to jane{}@example.com that order A-{} is late.", "Summarise the call of this morning in three points, case {}{}.",
         "The customer of case {} wants the chair in oak, not in ash. Draft an answer and mention the delivery within {} days."]
SAID = ["Dear customer, the order is on its way. It will be there within two days, and the carrier has been told to ring first.",
        "Three points: the delay was announced late; the customer accepts a voucher; the next call is on Monday at ten."]
TOOLS = ["find_order", "track_parcel", "write_letter", "refund", "find_customer"]


def tool(name):
    properties = {"order_id": {"type": "string", "description": "The number of the order, with its letter"}, "days": {"type": "integer"}}
    return {"type": "function", "function": {"name": name, "description": f"Calls {name} of the shop and gives what it answers",
                                              "parameters": {"type": "object", "properties": properties, "required": ["order_id"]}}}


def body(rng, turns, tools):
    """A failed generation as PostHog's default template posts it: a stream of posthog-python's OpenAI wrapper that was cut."""
    ask = lambda: rng.choice(ASKED).format(rng.randrange(10_000), rng.randrange(100))
    chat = [{"role": "system", "content": "You are the shop assistant of Oak & Ash. Answer in two sentences."}]
    for _ in range(turns - 1):
        chat += [{"role": "user", "content": ask()}, {"role": "assistant", "content": rng.choice(SAID)}]
    chat += [{"role": "user", "content": ask()}]
    output = [{"role": "assistant", "content": [{"type": "text", "text": rng.choice(SAID)[:90]}]}]
    properties = {"$ai_provider": "openai", "$ai_model": "gpt-5-mini", "$ai_model_parameters": {"temperature": 0.2}, "$ai_input": chat, "$ai_output_choices": output,
                  "$ai_http_status": 200, "$ai_input_tokens": 412, "$ai_output_tokens": 17, "$ai_latency": 1.84, "$ai_trace_id": f"conv-{rng.getrandbits(32):08x}",
                  "$ai_session_id": f"conv-{rng.getrandbits(32):08x}", "$ai_base_url": "https://api.openai.com/v1/", "$ai_lib": "posthog-ai", "$ai_lib_version": "7.91.1",
                  "$python_runtime": "CPython", "$python_version": "3.12.7", "$os": "Linux", "$lib": "posthog-python", "$lib_version": "7.91.1", "$ip": "192.0.2.10",
                  "$is_server": True, "$ai_is_error": True, "$ai_error": "Connection error."}
    if tools:
        properties["$ai_tools"] = [tool(name) for name in TOOLS[:tools]]
    event = {"uuid": "UUID", "event": "$ai_generation", "elements_chain": "", "distinct_id": f"user_{rng.randrange(50_000)}", "properties": properties,
             "timestamp": "2026-11-20T09:15:30.123Z", "url": "https://us.posthog.com/project/4711/events/x"}
    person = {"id": "5b0c7d2e-1111-5f0e-9a77-1b2c3d4e5f60", "properties": {"plan": "team"}, "name": "user", "url": "https://us.posthog.com/project/4711/person/x"}
    return json.dumps({"event": event, "person": person}, separators=(",", ":"))


SIZES = {"one question": (1, 0), "a chat with tools": (4, 3), "a long chat with tools": (20, 5)}


def cpu_s(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wrk(url, bodies, seconds):
    script = pathlib.Path(__file__).with_name("post_bodies.lua")
    run = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script, url], env=os.environ | {"BODIES": str(bodies)}, capture_output=True, text=True)
    found = {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", run.stdout)}
    if not found or found["refused"] or found["failed"]:
        sys.exit(f"wrk: {run.stdout} {run.stderr}")
    return found["requests"]


def measure(misfire, folder, bodies, events):
    """CPU per request in µs, and requests per second."""
    settings = {"API_ADDR": "127.0.0.1:0", "TRAINING_DATA": str(folder / "training_data.jsonl"), "RUST_LOG": "info"} | events
    log = folder / "log"
    with open(log, "w") as stderr:
        server = subprocess.Popen([misfire, "serve"], env={"PATH": os.environ["PATH"]} | settings, stderr=stderr)
    try:
        while not (address := re.search(r"listening on (http://\S+)", log.read_text())):
            if server.poll() is not None:
                sys.exit(log.read_text())
            time.sleep(0.02)
        url = f"{address[1]}/api/webhooks"
        warm = wrk(url, bodies, WARM_S)
        before = cpu_s(server.pid)
        requests = wrk(url, bodies, SECONDS)
        cpu_us = (cpu_s(server.pid) - before) / requests * 1e6
    finally:
        server.terminate()
        server.wait()
    count = lambda stem: sum(path.read_bytes().count(b"\n") for path in folder.glob(f"{stem}*.jsonl"))
    # wrk counts what was answered; what was on its way at the end may be stored, too.
    has_rows = not events
    assert count("training_data") >= warm + requests and (count("generations") == count("training_data")) == has_rows
    return cpu_us, requests / SECONDS


def main():
    misfire, rounds = sys.argv[1], int(sys.argv[2])
    rng = random.Random(7)
    model = next((line.split(": ")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "a processor")
    print(f"CPU per request, medians of {rounds} rounds; {os.cpu_count()} cores ({model}) that the load generator shares, {CONNECTIONS} connections.")
    print("\n| failed generation | body | lines alone | rows and lines | times | requests/s |\n|---|---|---|---|---|---|")
    worst = 0
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "events.toml").write_text(LINES_ALONE)
        for name, (turns, tools) in SIZES.items():
            bodies = work / "bodies"
            made = [body(rng, turns, tools) for _ in range(200)]
            bodies.write_text("\n".join(made) + "\n")
            runs = {"lines": [], "both": []}
            for number in range(rounds):
                for kind, events in [("lines", {"EVENTS": str(work / "events.toml")}), ("both", {})][::1 if number % 2 == 0 else -1]:
                    with tempfile.TemporaryDirectory(dir=work) as folder:
                        runs[kind].append(measure(misfire, pathlib.Path(folder), bodies, events))
            ratio = statistics.median(both[0] / lines[0] for both, lines in zip(runs["both"], runs["lines"]))
            worst = max(worst, ratio)
            middle = lambda kind, index: statistics.median(run[index] for run in runs[kind])
            size = statistics.mean(map(len, made)) / 1000
            print(f"| {name} | {size:.1f} kB | {middle('lines', 0):.0f} µs | {middle('both', 0):.0f} µs | {ratio:.2f} | "
                  f"{middle('lines', 1):,.0f} and {middle('both', 1):,.0f} |", flush=True)
    if worst > RATIO_MAX:
        sys.exit(f"both files cost {worst:.2f} times the CPU of one, more than {RATIO_MAX}")


if __name__ == "__main__":
    main()
