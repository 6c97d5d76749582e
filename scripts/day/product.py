"""What happens in the made-up product: calls, verdicts and surveys as events, and what must become of each."""
import datetime
import random
import uuid

from shapes import SDKS

START = datetime.datetime(2026, 3, 2, tzinfo=datetime.timezone.utc)
THUMB, TEXT = "b7e1c0de-0001-4000-8000-000000000001", "b7e1c0de-0001-4000-8000-000000000002"
HOUR = 3600
FRESH = object()  # a trace of its own


class Person:
    def __init__(self, distinct_id, session=None):
        self.distinct_id, self.session = distinct_id, session


class Day:
    """The events with their times, and the rows and pairs that must come of them. What is not promised must not be there."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.events, self.items, self.persons, self.submissions = [], 0, 0, 0
        # By the item that a prompt is about: the answer; chosen and rejected; the label.
        self.sft, self.judged_good, self.dpo, self.kto = {}, set(), {}, {}
        # By uuid: the answer that came later to what failed, and what stands in generations.jsonl (kind, label).
        self.references, self.rows, self.lines = {}, {}, set()
        self.ignored = {"privacy_mode": 0}
        self.successes, self.anchors, self.about = [], [], {}

    def item(self):
        self.items += 1
        return f"lq{self.items:04d}"

    def person(self, session=None, distinct_id=None):
        self.persons += 1
        return Person(distinct_id or f"user_{self.persons}", session)

    def begin(self):
        """A moment at which something begins, in seconds of the day."""
        return self.rng.randrange(0, 21 * HOUR)

    def fresh(self):
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def put(self, at, name, distinct_id, properties):
        event = {"uuid": self.fresh(), "event": name, "distinct_id": distinct_id, "properties": properties,
                 "timestamp": (START + datetime.timedelta(seconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"}
        self.events.append((at, event))
        return event["uuid"]

    def call(self, sdk, person, chat, at, outcome, tools=(), trace=FRESH):
        trace = f"conv-{self.rng.getrandbits(48):012x}a1" if trace is FRESH else trace
        properties = sdk.generation(chat, tools, outcome, trace)
        if trace is None:
            del properties["$ai_trace_id"]
        if person.session:
            properties["$ai_session_id"] = person.session
        name = self.put(at, "$ai_generation", person.distinct_id, properties)
        self.about[name] = (trace, person)
        return name, (person.distinct_id, trace or None, person.session)

    def fail(self, sdk, person, chat, at, status=429, cut=None, **more):
        outcome = sdk.failed(status, "Rate limit reached. Please try again in 20s.") if cut is None else sdk.cut(cut)
        name, ties = self.call(sdk, person, chat, at, outcome, **more)
        self.rows[name] = ("failure", "")
        self.lines.add(name)
        self.anchors.append((ties, at))
        if sdk is SDKS["langchain"]:
            # It reports the failure of the chain as well.
            self.put(at + 0.2, "$ai_trace", person.distinct_id, {"$ai_trace_id": self.about[name][0], "$ai_input_state": {"q": "the same"}, "$ai_is_error": True, "$ai_error": "429"})
        return name

    def succeed(self, sdk, person, chat, at, answer, **more):
        name, ties = self.call(sdk, person, chat, at, sdk.succeeded(sdk.answer(answer)), **more)
        self.successes.append((name, ties, at))
        return name

    def refuse(self, sdk, person, chat, at, words):
        return self.call(sdk, person, chat, at, sdk.succeeded(sdk.refusal(words)))[0]

    def evaluate(self, target, at, result, applicable=True):
        trace, person = self.about[target]
        properties = {"$ai_evaluation_id": "e1d0c0de-0000-4000-8000-000000000001", "$ai_evaluation_name": "Polite", "$ai_evaluation_result_type": "boolean",
                      "$ai_evaluation_result": result, "$ai_evaluation_applicable": applicable, "$ai_evaluation_reasoning": "Judged by its tone.",
                      "$ai_target_event_id": target, "$ai_target_event_type": "$ai_generation", "$ai_trace_id": trace}
        name = self.put(at, "$ai_evaluation", person.distinct_id, properties)
        if applicable:
            self.verdict(name, "good" if result else "bad", (person.distinct_id, trace, None), at)
        return name

    def thumb(self, target, at, is_up, text=None):
        """A thumb; with a text that the person writes after it, in an event of its own."""
        trace, person = self.about[target]
        self.submissions += 1
        base = {"$survey_id": "019c4416-db5e-7000-8b3c-3a565a512fed", "$survey_submission_id": f"c0ffee00-0000-4000-8000-{self.submissions:012d}", "$ai_trace_id": trace, "$lib": "web"}
        number = 1 if is_up else 2
        name = self.put(at, "survey sent", person.distinct_id, base | {f"$survey_response_{THUMB}": number, "$survey_response": number, "$survey_completed": text is None})
        self.verdict(name, "good" if is_up else "bad", (person.distinct_id, trace, None), at)
        if text:
            told = self.put(at + 18, "survey sent", person.distinct_id, base | {f"$survey_response_{TEXT}": text, "$survey_completed": True})
            self.verdict(told, "", (person.distinct_id, trace, None), at + 18)
        return name

    def verdict(self, name, label, ties, at):
        self.rows[name] = ("verdict", label)
        # A good verdict is no anchor for a pull until its content is there; it is asked about all the same.
        self.anchors.append((ties, at))
        if label == "bad":
            self.lines.add(name)

    def finish(self):
        """Adds the rows of the successes that a pull keeps: of the person, the trace or the session of a failure or a verdict within an hour."""
        near = lambda ties, at: any(abs(at - when) <= HOUR and (ties[0] == of[0] or any(a is not None and a == b for a, b in zip(ties[1:], of[1:]))) for of, when in self.anchors)
        self.rows |= {name: ("success", "") for name, ties, at in self.successes if near(ties, at)}
        self.events.sort(key=lambda entry: entry[0])
        return [event for _, event in self.events]
