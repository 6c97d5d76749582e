"""Writes the tables of the field cases in Markdown, for scripts/score.

  field_tables.py readme OURS PEERS     three groups of texts, beside the peers: per cent found / wrongly masked
  field_tables.py peers OURS PEERS      every group of texts and each set, beside the peers: per cent leaked / wrongly masked
  field_tables.py kinds OURS            every kind of text and every language, in counts

OURS is what `score_field --json` prints, PEERS what scripts/score-peers wrote.
"""

import json
import sys
from collections import Counter

GROUPS = {
    "secrets": ["secret"],
    "errors, logs, code": ["error", "log", "code"],
    "nothing to find": ["keep"],
}
REST = "documents and chats of persons"
NEWEST = "fresh"
COUNTS = ["cases", "must", "leaked", "keep", "masked"]


def added(counts):
    total = Counter()
    for count in counts:
        total.update({key: count[key] for key in COUNTS})
    return total


def percent(part, whole):
    return f"{100 * part / whole:.1f}" if whole else "–"


def shares(count):
    return f"{percent(count['leaked'], count['must'])} / {percent(count['masked'], count['keep'])}"


def by_group(files):
    """The counts of some files by group of texts, and of all."""
    groups = {name: [] for name in ["secrets", "errors, logs, code", REST, "nothing to find", "all"]}
    for score in files:
        for category, count in score["categories"].items():
            name = next((name for name, categories in GROUPS.items() if category in categories), REST)
            groups[name].append(count)
            groups["all"].append(count)
    return {name: added(counts) for name, counts in groups.items()}


def compared(ours, peers):
    """The files that every tool has been run on: only these can stand beside each other. Run scripts/score-peers after new cases."""
    return [name for name in ours if all(name in files for files in peers["tools"].values())]


def readme(ours, peers):
    tools = {"Misfire": ours} | peers["tools"]
    print("| | " + " | ".join(tools) + " |")
    print("|---" * (len(tools) + 1) + "|")
    columns = [by_group(files[name] for name in compared(ours, peers)) for files in tools.values()]
    columns = [groups | {"newest": added([files[NEWEST]["all"]])} for groups, files in zip(columns, tools.values())]
    for group, label in (
        ("secrets", "secrets"), ("errors, logs, code", "errors, logs, code"), (REST, REST), ("newest", "… of these the newest"),
    ):
        cells = (f"{percent(c['must'] - c['leaked'], c['must'])} / {percent(c['masked'], c['keep'])}" for c in (column[group] for column in columns))
        print(f"| {label}, {columns[0][group]['cases']} texts | " + " | ".join(cells) + " |")


def peers_table(ours, peers):
    tools = {"Misfire": ours} | peers["tools"]
    print("| | " + " | ".join(tools) + " |")
    print("|---" * (len(tools) + 1) + "|")
    own = [name for name in compared(ours, peers) if name != "handed"]
    for title, names in (("handed out", ["handed"]), ("our own", own)):
        columns = [by_group(files[name] for name in names) for files in tools.values()]
        for group, count in columns[0].items():
            label = f"**{title}, {count['cases']} cases**" if group == "all" else f"{title}: {group}, {count['cases']}"
            print(f"| {label} | " + " | ".join(shares(column[group]) for column in columns) + " |")
    columns = [added([files[NEWEST]["all"]]) for files in tools.values()]
    cells = " | ".join(shares(column) for column in columns)
    print(f"| … of these the newest, `{NEWEST}.jsonl`, {columns[0]['cases']} | {cells} |")


def kinds(ours):
    for title, key in (("kind of text", "categories"), ("language", "languages")):
        rows = {}
        for score in ours.values():
            for name, count in score[key].items():
                rows.setdefault(name, []).append(count)
        print(f"| {title} | cases | must go | recall, % | must stay | kept, % |")
        print("|---|---|---|---|---|---|")
        for name, counts in sorted(rows.items()):
            count = added(counts)
            recall = percent(count["must"] - count["leaked"], count["must"])
            kept = percent(count["keep"] - count["masked"], count["keep"])
            print(f"| {name} | {count['cases']} | {count['must']} | {recall} | {count['keep']} | {kept} |")
        print()


def main():
    what, *files = sys.argv[1:]
    loaded = [json.load(open(file)) for file in files]
    {"readme": readme, "peers": peers_table, "kinds": kinds}[what](*loaded)


if __name__ == "__main__":
    main()
