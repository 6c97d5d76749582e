"""Runs promptfoo on an export: promptfoo_evals.py PROMPTFOO FOLDER

No model is asked. With the config as it was exported, the provider `echo` must be given each prompt unchanged. Where tests have a
reference, a provider of our own that knows the answers must pass an assertion that compares with it, and `echo` must not.
"""
import json
import os
import pathlib
import subprocess
import sys

PROVIDER = """export default class Knows {
  id() { return 'knows' }
  async callApi(prompt, context) { return { output: context.vars.row.reference } }
}
"""
REFERENCES = """prompts:
  - id: failed generation
    raw: '{{ row.messages | dump }}'
providers:
  - file://knows.mjs
  - echo
defaultTest:
  assert:
    - type: javascript
      value: output === context.vars.row.reference
tests: file://references.jsonl
"""


def evaluate(promptfoo, folder, config):
    """The results of a run. promptfoo's status says whether a test failed, and its logger may fail at the end: the output decides."""
    out = folder / "out.json"
    out.unlink(missing_ok=True)
    settings = {"PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1", "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1", "PROMPTFOO_CONFIG_DIR": str(folder / "promptfoo")}
    command = [promptfoo, "eval", "--config", config, "--no-cache", "--no-table", "--no-progress-bar", "--output", "out.json"]
    run = subprocess.run(command, cwd=folder, env=os.environ | settings, capture_output=True, text=True)
    assert out.exists(), (run.stdout + run.stderr)[-3000:]
    return json.loads(out.read_text())["results"]["results"]


def main():
    promptfoo, folder = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    rows = {row["metadata"]["uuid"]: row for row in map(json.loads, (folder / "data.jsonl").read_text().split("\n")[:-1])}
    results = {result["testCase"]["metadata"]["uuid"]: result for result in evaluate(promptfoo, folder, "promptfooconfig.yaml")}
    for uuid, row in rows.items():
        echoed = results[uuid]["response"]["output"]
        echoed = json.loads(echoed) if isinstance(echoed, str) else echoed
        assert echoed == row["vars"]["row"]["messages"] and results[uuid]["success"], (row, results[uuid])
    print(f"promptfoo: {len(rows)} tests, each prompt reached the provider unchanged")

    with_reference = [row for row in rows.values() if "reference" in row["vars"]["row"]]
    if with_reference:
        (folder / "knows.mjs").write_text(PROVIDER)
        (folder / "references.yaml").write_text(REFERENCES)
        (folder / "references.jsonl").write_text("".join(json.dumps(row) + "\n" for row in with_reference))
        results = evaluate(promptfoo, folder, "references.yaml")
        passed = {provider: sum(result["success"] for result in results if result["provider"]["id"] == provider) for provider in ("knows", "echo")}
        assert len(results) == 2 * len(with_reference) and passed == {"knows": len(with_reference), "echo": 0}, (len(results), passed)
        print(f"promptfoo: {len(with_reference)} tests have the answer that came later as reference; it passes an assertion, the prompt does not")


main()
