"""The table of scripts/bench-dataset: bench_dataset.py MISFIRE LINES

Each contestant runs as a process of its own, pinned to one core. Its time is that of the whole process, its memory the peak
resident size. The file is in the page cache.
"""
import datetime
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

ROUNDS = 3
CORE = "1"

PANDAS = "import pandas; f = pandas.read_json('{data}', lines=True, dtype=False); "
DUCKDB = "import duckdb; duckdb.sql('set threads = 1'); t = \"read_ndjson_auto('{data}')\"; "

# task -> contestant -> command. {data} is the file, {out} a folder for the contestant's output.
TASKS = {
    "Is each line what it must be? (without the search for personal data)": {
        "misfire verify --no-sanitizer": ["{misfire}", "verify", "{data}", "--no-sanitizer"],
        "jq: keys and types; not uuids, caps, controls": ["jq", "-e", "-n", "[inputs | select((keys_unsorted != [\"timestamp\",\"event\",\"failure_reason\",\"input_prompt\",\"distinct_id\",\"uuid\"]) or any(.[]; type != \"string\"))] | length == 0", "{data}"],
        "pandas: keys, types, uuids": ["{python}", "-c", PANDAS + "assert f.shape[1] == 6 and f.uuid.is_unique and f.notna().all().all() and f.map(type).eq(str).all().all()"],
        "DuckDB: keys, types, uuids": ["{python}", "-c", DUCKDB + "duckdb.sql(f'select count(*), count(distinct uuid), max(length(input_prompt)), min(timestamp)::varchar from {{t}}').fetchall()"],
    },
    "What is in it? (days, failures, users, lengths, duplicates)": {
        "misfire stats, near duplicates too": ["{misfire}", "stats", "{data}"],
        "jq: days alone": ["jq", "-n", "reduce inputs as $l ({{}}; .[$l.timestamp[:10]] += 1)", "{data}"],
        "pandas: exact duplicates": ["{python}", "-c", PANDAS + "f.timestamp.astype(str).str[:10].value_counts(); f.failure_reason.value_counts(); f.distinct_id.value_counts().describe(); f.input_prompt.str.len().quantile([.5, .9, .99]); f.input_prompt.duplicated().sum()"],
        "DuckDB: exact duplicates": ["{python}", "-c", DUCKDB + "[duckdb.sql(q.format(t=t)).fetchall() for q in ('select left(timestamp::varchar, 10), count(*) from {{t}} group by 1', 'select failure_reason, count(*) from {{t}} group by 1', 'select quantile_cont(length(input_prompt), [.5, .9, .99]), count(*) - count(distinct input_prompt), count(distinct distinct_id) from {{t}}')]"],
    },
    "To Parquet with zstd": {
        "misfire export --format parquet": ["{misfire}", "export", "{data}", "--format", "parquet", "--output", "{out}"],
        "pandas, pyarrow": ["{python}", "-c", PANDAS + "f.to_parquet('{out}/data.parquet', compression='zstd')"],
        "DuckDB": ["{python}", "-c", DUCKDB + "duckdb.sql(f\"copy (from {{t}}) to '{out}/data.parquet' (format parquet, compression zstd)\")"],
    },
    "To CSV": {
        "misfire export --format csv": ["{misfire}", "export", "{data}", "--format", "csv", "--output", "{out}"],
        "jq": ["jq", "-r", "[.[]] | @csv", "{data}"],
        "pandas": ["{python}", "-c", PANDAS + "f.to_csv('{out}/data.csv', index=False)"],
        "DuckDB": ["{python}", "-c", DUCKDB + "duckdb.sql(f\"copy (from {{t}}) to '{out}/data.csv' (header)\")"],
    },
    "Without near duplicates": {
        "misfire export --format prompts --dedupe near": ["{misfire}", "export", "{data}", "--format", "prompts", "--dedupe", "near", "--output", "{out}"],
    },
    "With the search for personal data": {
        "misfire verify": ["{misfire}", "verify", "{data}"],
    },
    "Without the lines of one user, who has 5 % of them": {
        "misfire forget: synced, renamed, with receipt and guard": ["{misfire}", "forget", "--distinct-id", "user_7", "--training-data", "{copy}/training_data.jsonl"],
        "grep -vF to another file": ["sh", "-c", "grep -vF '\"distinct_id\":\"user_7\",' {data} > {out}/data.jsonl"],
        "jq to another file": ["sh", "-c", "jq -c 'select(.distinct_id != \"user_7\")' {data} > {out}/data.jsonl"],
        "DuckDB to another file": ["{python}", "-c", DUCKDB + "duckdb.sql(f\"copy (from {{t}} where distinct_id <> 'user_7') to '{out}/data.jsonl' (format json)\")"],
    },
}


def make(path, lines):
    """Writes lines like a real product's: prompts of a few hundred characters, a third of them retries. No word is a first name."""
    rng = random.Random(7)
    words = [("".join(rng.choice("aeioubcdfglmnprst") for _ in range(rng.randint(2, 8))) + "q") for _ in range(20_000)] + ["[EMAIL_1]", "[PHONE_1]"] * 60
    reasons = ["timeout", "rate_limited", "Request req_{:08x}x timed out after {} ms", "HTTP 503 from upstream", "CUDA out of memory: tried to allocate {} MiB"]
    recent = []
    with open(path, "w", encoding="utf-8") as file:
        for number in range(lines):
            if recent and rng.random() < 0.33:
                prompt = rng.choice(recent)
                if rng.random() < 0.3:
                    prompt += " please"
            else:
                prompt = " ".join(rng.choices(words, k=min(400, int(rng.lognormvariate(3.4, 0.8)) + 3)))
                if rng.random() < 0.3:
                    prompt = prompt.replace(" ", "\n", 2)
                recent = recent[-999:] + [prompt]
            when = datetime.datetime.fromtimestamp(1_767_225_600 + number * 30, datetime.timezone.utc)
            line = {
                "timestamp": when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{number % 1000:03}Z", "event": "generation_failed",
                "failure_reason": rng.choice(reasons).format(rng.getrandbits(32), rng.randint(1, 60_000)) if rng.random() < 0.9 else "quota {}".format(rng.randint(1, 99)),
                "input_prompt": prompt, "distinct_id": f"user_{int(rng.paretovariate(0.6)) % 50_000}", "uuid": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            }
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def run(command, folder):
    """Runs one process on one core; returns its seconds and its peak resident MiB."""
    with open(os.devnull, "w") as nothing:
        process = subprocess.Popen(["taskset", "-c", CORE, *command], stdout=nothing, stderr=subprocess.PIPE, cwd=folder)
        started = time.monotonic()
        stderr = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
    if status != 0:
        sys.exit(f"{command}: {stderr.decode()[-2000:]}")
    return seconds, usage.ru_maxrss / 1024


def as_closed_file(data, folder):
    """Copies the file into a folder as the API leaves it, for a command that rewrites files."""
    (folder / ".misfire").mkdir(parents=True)
    (folder / ".misfire" / "pseudonym.key").write_text("0123456789abcdef0123456789abcdef")
    shutil.copyfile(data, folder / "training_data.000001.jsonl")
    os.sync()


def main():
    misfire, lines = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "data").mkdir()
        data = work / "data" / "training_data.jsonl"
        make(data, lines)
        size = data.stat().st_size / 1e6
        # Read by another process: a child's peak memory includes what this process held when it forked.
        subprocess.run(["cat", str(data)], stdout=subprocess.DEVNULL, check=True)
        model = next((line.split(": ")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "a processor")
        print(f"Measured on {datetime.date.today()} by `scripts/bench-dataset` on one core ({model}): {lines:,} lines, {size:.0f} MB,")
        print(f"in the page cache; medians of {ROUNDS} runs of the whole process.")
        for task, contestants in TASKS.items():
            measured = {name: [] for name in contestants}
            for number in range(ROUNDS):
                for index, (name, command) in enumerate(contestants.items()):
                    out = work / f"out-{number}-{index}-{abs(hash((task, name)))}"
                    if "misfire" not in name:
                        out.mkdir()
                    copy = work / "copy"
                    if any("{copy}" in part for part in command):
                        as_closed_file(data, copy)
                    filled = [part.format(misfire=misfire, python=sys.executable, data=data, out=out, copy=copy) for part in command]
                    measured[name].append(run(filled, work))
                    subprocess.run(["rm", "-rf", str(out), str(copy)], check=True)
            print(f"\n| {task} | MB/s | seconds | memory |\n|---|---|---|---|")
            for name, runs in measured.items():
                seconds = statistics.median(seconds for seconds, _ in runs)
                memory = max(memory for _, memory in runs)
                print(f"| {name} | {size / seconds:,.0f} | {seconds:.2f} | {memory:,.0f} MiB |")


if __name__ == "__main__":
    main()
