"""Loads each export with the tools that it is made for, and compares its rows with the lines.

load_exports.py DATA EXPORTS LINES           the exports of lines
load_exports.py --generations DATA EXPORTS   the tables of generations.jsonl in EXPORTS/generations-parquet and -csv
"""
import glob
import json
import pathlib
import sys
import tempfile

import datasets
import duckdb
import pandas
import polars

COLUMNS = ["timestamp", "event", "failure_reason", "input_prompt", "distinct_id", "uuid"]
MESSAGE = {"role", "content", "tool_calls", "tool_call_id", "name"}


def generations(data, exports):
    """Each row of generations.jsonl, as it is; all values are strings."""
    rows = [json.loads(line) for line in open(data / "generations.jsonl", encoding="utf-8", newline="\n")]
    with tempfile.TemporaryDirectory() as cache:
        parquet = datasets.load_dataset(str(exports / "generations-parquet"), cache_dir=cache, split="train")
        assert all(str(feature.dtype) == "string" for feature in parquet.features.values()), parquet.features
        assert parquet.to_list() == rows
    table = pandas.read_csv(exports / "generations-csv" / "data.csv", dtype=str, keep_default_na=False, lineterminator="\n")
    assert table.to_dict("records") == rows and list(table.columns) == list(rows[0]) and len(table.columns) == 18
    print(f"generations in parquet (datasets) and csv (pandas): {len(rows)} rows, each equal to its row")


def main():
    if sys.argv[1] == "--generations":
        datasets.disable_progress_bars()
        return generations(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
    data, exports, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    datasets.disable_progress_bars()
    lines = []
    for path in sorted(glob.glob(f"{data}/training_data*.jsonl")):
        lines += [json.loads(line) for line in open(path, encoding="utf-8", newline="\n")]
    by_uuid = {line["uuid"]: line for line in lines}
    assert len(by_uuid) == len(lines) == count, (len(by_uuid), len(lines))

    def load(name):
        with tempfile.TemporaryDirectory() as cache:
            parts = datasets.load_dataset(str(exports / name), cache_dir=cache)
            assert set(parts) == {"train", "test"} and sum(part.num_rows for part in parts.values()) == count, parts
            return {name: (part.features, part.to_list()) for name, part in parts.items()}

    def same(name, rows):
        rows = list(rows)
        assert len(rows) == count, (name, len(rows))
        for row in rows:
            assert row == by_uuid[row["uuid"]], (name, row, by_uuid[row["uuid"]])
        print(f"{name}: {count} rows, each equal to its line")

    parquet = load("parquet")
    same("parquet in datasets", (row for _, rows in parquet.values() for row in rows))
    users = [{row["distinct_id"] for row in rows} for _, rows in parquet.values()]
    assert not users[0] & users[1], "a user is on both sides"
    assert all(str(feature.dtype) == "string" for features, _ in parquet.values() for feature in features.values())
    files = [str(exports / "parquet" / f"{part}.parquet") for part in ("train", "test")]
    same("parquet in pandas", pandas.concat(map(pandas.read_parquet, files)).to_dict("records"))
    same("parquet in polars", polars.read_parquet(files).to_dicts())
    rows = duckdb.sql(f"select * from read_parquet({files})").fetchall()
    same("parquet in DuckDB", (dict(zip(COLUMNS, row)) for row in rows))

    files = [str(exports / "csv" / f"{part}.csv") for part in ("train", "test")]
    read = lambda path: pandas.read_csv(path, dtype=str, keep_default_na=False, lineterminator="\n")
    same("csv in pandas", pandas.concat(map(read, files)).to_dict("records"))
    same("csv in polars", polars.concat(polars.read_csv(path, infer_schema=False) for path in files).to_dicts())
    rows = duckdb.sql(f"select * from read_csv({files}, all_varchar = true, header = true, parallel = false, quote = '\"', escape = '\"', nullstr = '\x01', max_line_size = 20000000)").fetchall()
    same("csv in DuckDB", (dict(zip(COLUMNS, row)) for row in rows))

    for features, rows in load("prompts").values():
        assert list(features) == ["prompt"], features
        # What TRL checks for a conversational prompt-only dataset (trl.data_utils.is_conversational).
        for row in rows:
            assert row["prompt"] and all({"role", "content"} <= set(m) <= MESSAGE and isinstance(m["content"], str) for m in row["prompt"]), row
    calls = [call for _, rows in load("prompts").values() for row in rows for m in row["prompt"] for call in m.get("tool_calls") or []]
    assert all(set(call) == {"id", "type", "function"} for call in calls)
    print(f"prompts in datasets: {count} rows of messages, {len(calls)} calls of tools")

    texts = {line["input_prompt"] for line in lines}
    for features, rows in load("classification").values():
        assert {key: str(f.dtype) for key, f in features.items()} == {"text": "string", "label": "string"}, features
        is_chat = lambda text: text.startswith('[{"role":') and all({"role", "content"} <= set(m) <= MESSAGE for m in json.loads(text))
        assert all((row["text"] in texts or is_chat(row["text"])) and row["label"] for row in rows)
    print(f"classification in datasets: {count} rows")


if __name__ == "__main__":
    main()
