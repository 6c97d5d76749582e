"""Sends the day to a posthog-local, in portions of 100 events as SDKs send batches: send.py POSTHOG PLAN

PLAN is a file for what must come of it, which check.py reads.
"""
import json
import pathlib
import sys
import time
import urllib.request

from plan import made

PORTION = 100


def main():
    posthog, path = sys.argv[1:]
    day, events = made()
    for start in range(0, len(events), PORTION):
        body = json.dumps({"api_key": "phc_local", "batch": events[start : start + PORTION]}).encode()
        request = urllib.request.Request(f"{posthog}/batch/", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200, answer.read()
        time.sleep(0.2)  # pulls fall between the portions
    promised = {name: getattr(day, name) for name in ("sft", "dpo", "kto", "references", "rows", "ignored")}
    promised |= {"lines": sorted(day.lines), "judged_good": sorted(day.judged_good)}
    pathlib.Path(path).write_text(json.dumps(promised))
    print(f"sent {len(events)} events: {len(promised['lines'])} lines and {len(promised['rows'])} rows are to come")


main()
