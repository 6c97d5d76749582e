"""Compares the data and its exports with what the day must give: check.py data FOLDER PLAN, or check.py exports FOLDER PLAN EXPORTS"""
import json
import pathlib
import re
import sys

# What may be nowhere in the data.
PERSONAL = ["ada.kern", "bo.ruiz", "example.com", "23456789", "iVBORw0KGgo", "requestBodyValues", "node_modules"]


def read(folder, stem):
    """The lines of all files of a name, closed ones and the live one."""
    return [json.loads(line) for path in sorted(folder.glob(f"{stem}*.jsonl")) for line in path.read_text().split("\n")[:-1]]


def same(what, found, promised):
    """Equal, or the differences."""
    missing, more = [key for key in promised if found.get(key) != promised[key]], [key for key in found if key not in promised]
    shown = [(key, promised[key], found.get(key)) for key in missing[:5]] + [(key, None, found[key]) for key in more[:5]]
    assert not missing and not more, f"{what}: {len(missing)} missing or other, {len(more)} too many: {shown}"
    print(f"{what}: {len(promised)}, each as planned")


def check_data(folder, plan):
    lines, rows = read(folder, "training_data"), read(folder, "generations")
    assert len({line["uuid"] for line in lines}) == len(lines) and len({row["uuid"] for row in rows}) == len(rows), "an event is there twice"
    same("lines", {line["uuid"]: True for line in lines}, dict.fromkeys(plan["lines"], True))
    same("rows", {row["uuid"]: [row["kind"], row["label"]] for row in rows}, plan["rows"])
    text = "".join(path.read_text() for path in folder.glob("*.jsonl"))
    assert not (left := [value for value in PERSONAL if value in text]), left
    of = {row["uuid"]: row for row in rows}
    told = [row for row in rows if row["feedback"]]
    for row in told:
        thumb = [other for other in rows if other["submission"] == row["submission"] and other is not row]
        assert len(thumb) == 1 and thumb[0]["label"] == "bad" and thumb[0]["about"] == row["about"] and "[PHONE_" in row["feedback"], row
    assert all(of[row["about"]]["distinct_id"] == row["distinct_id"] for row in rows if row["kind"] == "verdict" and row["about"] in of)
    print(f"texts to thumbs: {len(told)}, each with its thumb")


def item_of(prompt):
    return re.search(r"lq\d{4}", json.dumps(prompt))[0]


def said(messages):
    """An answer as the plan has it: a text, or the name and the arguments of a call."""
    last = messages[-1]
    if last.get("tool_calls"):
        function = last["tool_calls"][0]["function"]
        return [function["name"], json.loads(function["arguments"])]
    return last["content"]


def by_item(folder, row_of):
    found = {}
    for row in read(folder, ""):
        item, value = row_of(row)
        assert item not in found, f"{item} is there twice"
        found[item] = value
    return found


def check_exports(plan, exports):
    # The last message is the answer.
    same("sft", by_item(exports / "sft", lambda row: (item_of(row["messages"][:-1]), said(row["messages"]))), plan["sft"])
    same("dpo", by_item(exports / "dpo", lambda row: (item_of(row["prompt"]), [said(row["chosen"]), said(row["rejected"])])), plan["dpo"])
    same("kto", by_item(exports / "kto", lambda row: (item_of(row["prompt"]), [said(row["completion"]), row["label"]])), plan["kto"])
    share = f"{len(plan['judged_good'])} of {len(plan['sft'])} rows"
    assert share in (exports / "sft" / "README.md").read_text(), share
    prompts = read(exports / "prompts", "")
    assert len(prompts) == len(plan["lines"]), (len(prompts), len(plan["lines"]))
    text = lambda answer: answer if isinstance(answer, str) else f"calls {answer[0]}"
    called = lambda answer: f"calls {json.loads(answer)[0]['tool_calls'][0]['function']['name']}" if answer.startswith("[{\"role\"") else answer
    evals = {row["metadata"]["uuid"]: called(row["vars"]["row"]["reference"]) for row in read(exports / "evals-promptfoo", "") if "reference" in row["vars"]["row"]}
    same("references of evals", evals, {name: text(answer) for name, answer in plan["references"].items()})


def main():
    what, folder, plan = sys.argv[1], pathlib.Path(sys.argv[2]), json.loads(pathlib.Path(sys.argv[3]).read_text())
    check_data(folder, plan) if what == "data" else check_exports(plan, pathlib.Path(sys.argv[4]))


main()
