"""The day: what happens, with the pairs that must come of it, and those that must not."""
from product import Day, HOUR
from shapes import SDKS, WITH_IMAGES, WITH_REFUSALS, image

EVENTS = 3_000
ROUNDS = 3  # how often each case happens with each SDK
SYSTEM = ("system", "You are the shop assistant of Oak & Ash. Answer in two sentences.")
TOOLS = ["find_order", "track_parcel"]


def ask(day, words="Describe the lamp {}. Be brief."):
    item = day.item()
    return item, [SYSTEM, ("user", words.format(item))]


def answers(day, item, with_tools=False):
    """An answer, and another one."""
    if with_tools and day.rng.random() < 0.5:
        return ("find_order", {"order_id": item}), f"The second answer about {item}."
    return f"The first answer about {item}.", f"The second answer about {item}."


def tried_again(day, sdk, person=None, gap=40, tools=(), words="Describe the lamp {}. Be brief.", failure=None, **more):
    """A failure and, `gap` seconds later, the same with success."""
    item, chat = ask(day, words)
    person, at = person or day.person(), day.begin()
    answer, _ = answers(day, item, bool(tools))
    failed = day.fail(sdk, person, chat, at, tools=tools, **more, **failure or {})
    retried = day.succeed(sdk, person, chat, at + gap, answer, tools=tools, **more)
    day.sft[item], day.references[failed] = answer, answer
    return item, chat, person, at, failed, retried, answer


def retry(day, sdk):
    tried_again(day, sdk)


def retry_with_tools(day, sdk):
    tried_again(day, sdk, tools=TOOLS)


def retry_after_an_hour(day, sdk):
    tried_again(day, sdk, gap=HOUR)


def retry_in_one_trace(day, sdk):
    item, chat, person, at, failed, _, answer = tried_again(day, sdk, trace=f"conv-{day.rng.getrandbits(40):010x}b2")
    # Vercel sends one event for each try.
    day.references[day.fail(sdk, person, chat, at + 5)] = answer


def retry_of_an_address(day, sdk):
    tried_again(day, sdk, person=day.person(distinct_id=f"ada.kern{day.persons}@example.com"), words="Write to ada.kern@example.com about the shelf {}, her phone is +49 151 23456789.")


def retry_without_a_trace(day, sdk):
    tried_again(day, sdk, trace=day.rng.choice([None, ""]))


def retry_twice(day, sdk):
    item, chat, person, at, _, _, answer = tried_again(day, sdk, gap=100)
    day.references[day.fail(sdk, person, chat, at + 50, status=529)] = answer
    day.succeed(sdk, person, chat, at + 200, "A later answer.")


def other_session(day, sdk):
    item, chat = ask(day)
    one, at = day.person(session=f"sess-{day.rng.getrandbits(40):010x}c3"), day.begin()
    other = type(one)(one.distinct_id, f"sess-{day.rng.getrandbits(40):010x}d4")
    answer, _ = answers(day, item)
    day.references[day.fail(sdk, one, chat, at)] = answer
    day.succeed(sdk, other, chat, at + 70, answer)
    day.sft[item] = answer


def same_image(day, sdk):
    item = day.item()
    chat, person, at = [("user", f"What wood is the frame {item}?", image(day.items))], day.person(), day.begin()
    answer, _ = answers(day, item)
    day.references[day.fail(sdk, person, chat, at)] = answer
    day.succeed(sdk, person, chat, at + 30, answer)
    day.sft[item] = answer


def cut_stream(day, sdk):
    """What came before the cut is neither bad nor a completion, whatever is said of it."""
    item, chat, person, at, failed, _, answer = tried_again(day, sdk, failure={"cut": "The first ans"})
    day.evaluate(failed, at + 20, False)


def one_character(day, sdk):
    item, chat = ask(day)
    person, at = day.person(), day.begin()
    day.fail(sdk, person, chat, at)
    day.succeed(sdk, person, [*chat[:-1], ("user", chat[-1][1] + ".")], at + 40, "An answer to another question.")


def other_tools(day, sdk):
    item, chat = ask(day)
    person, at = day.person(), day.begin()
    day.fail(sdk, person, chat, at, tools=TOOLS)
    day.succeed(sdk, person, chat, at + 40, "An answer without a tool.", tools=TOOLS[:1])


def other_image(day, sdk):
    item = day.item()
    person, at = day.person(), day.begin()
    day.fail(sdk, person, [("user", f"What wood is the frame {item}?", image(2 * day.items))], at)
    day.succeed(sdk, person, [("user", f"What wood is the frame {item}?", image(2 * day.items + 1))], at + 40, "Another image.")


def other_person(day, sdk):
    """Of one session, so that the success is kept."""
    item, chat = ask(day)
    session, at = f"sess-{day.rng.getrandbits(40):010x}e5", day.begin()
    day.fail(sdk, day.person(session), chat, at)
    day.succeed(sdk, day.person(session), chat, at + 40, "An answer to somebody else.")


def look_alike(day, sdk):
    """Two persons whose prompts read the same once they are redacted."""
    item = day.item()
    session, at = f"sess-{day.rng.getrandbits(40):010x}f6", day.begin()
    chat = lambda who: [SYSTEM, ("user", f"Write to {who}@example.com about the shelf {item}.")]
    day.fail(sdk, day.person(session), chat("ada.kern"), at)
    day.succeed(sdk, day.person(session), chat("bo.ruiz"), at + 40, "An answer to somebody else.")


def success_first(day, sdk):
    item, chat = ask(day)
    person, at = day.person(), day.begin()
    day.succeed(sdk, person, chat, at, "It went well before.")
    day.fail(sdk, person, chat, at + 40)


def too_late(day, sdk):
    item, chat = ask(day)
    person, at = day.person(), day.begin()
    day.fail(sdk, person, chat, at)
    day.fail(sdk, person, ask(day)[1], at + HOUR // 2)  # keeps the success
    day.succeed(sdk, person, chat, at + 61 * 60, "An answer after 61 minutes.")


def given_up(day, sdk):
    item, chat = ask(day)
    day.fail(sdk, day.person(), chat, day.begin(), status=503)


def retry_judged_bad(day, sdk):
    item, chat, person, at, failed, retried, answer = tried_again(day, sdk)
    day.evaluate(retried, at + 60, False)
    del day.sft[item], day.references[failed]
    day.kto[item] = (answer, False)


def retry_judged_good(day, sdk):
    item, chat, person, at, failed, retried, answer = tried_again(day, sdk)
    day.evaluate(retried, at + 60, True)
    day.judged_good.add(item)
    day.kto[item] = (answer, True)


def better(day, sdk, judge, tools=(), say=None, shown=None):
    """An answer that was judged bad, and a better one to the same question."""
    item, chat = ask(day)
    person, at = day.person(), day.begin()
    rejected, chosen = say or answers(day, item, bool(tools))
    bad = day.succeed(sdk, person, chat, at, rejected, tools=tools)
    verdict = judge(bad, at + 30)
    day.succeed(sdk, person, chat, at + 90, chosen, tools=tools)
    rejected, chosen = shown or (rejected, chosen)
    day.dpo[item], day.kto[item], day.references[verdict] = (chosen, rejected), (rejected, False), chosen
    return verdict


def better_after_an_evaluation(day, sdk):
    better(day, sdk, lambda bad, at: day.evaluate(bad, at, False), tools=TOOLS)


def better_after_a_thumb(day, sdk):
    text = "It calls her Ms Doe. My number is +49 151 23456789"
    better(day, sdk, lambda bad, at: day.thumb(bad, at, False, text))


def better_with_other_values(day, sdk):
    say = ("Write to ada.kern@example.com.", "Write to bo.ruiz@example.com.")
    verdict = better(day, sdk, lambda bad, at: day.evaluate(bad, at, False), say=say, shown=("Write to [EMAIL_1].", "Write to [EMAIL_2]."))
    # In an eval the better answer stands alone.
    day.references[verdict] = "Write to [EMAIL_1]."


def thumb_up(day, sdk):
    item, chat = ask(day)
    person, at = day.person(), day.begin()
    answer, _ = answers(day, item)
    day.thumb(day.succeed(sdk, person, chat, at, answer), at + 25, True)
    day.sft[item], day.kto[item] = answer, (answer, True)
    day.judged_good.add(item)


def disputed(day, sdk):
    item, chat = ask(day)
    person, at = day.person(), day.begin()
    answer, _ = answers(day, item)
    target = day.succeed(sdk, person, chat, at, answer)
    day.thumb(target, at + 25, True)
    day.evaluate(target, at + 35, False)
    day.kto[item] = (answer, False)


def not_applicable(day, sdk):
    item, chat = ask(day)
    at = day.begin()
    day.evaluate(day.succeed(sdk, day.person(), chat, at, "An answer that nobody judges."), at + 30, False, applicable=False)


def refused_after_a_failure(day, sdk):
    item, chat = ask(day)
    person, at = day.person(), day.begin()
    day.fail(sdk, person, chat, at)
    day.refuse(sdk, person, chat, at + 40, "I can't help with that.")


def refusal_judged_bad(day, sdk):
    item, chat = ask(day)
    person, at = day.person(), day.begin()
    refused = day.refuse(sdk, person, chat, at, "I can't help with that.")
    verdict = day.evaluate(refused, at + 30, False)
    answer, _ = answers(day, item)
    day.succeed(sdk, person, chat, at + 90, answer)
    day.dpo[item], day.kto[item], day.references[verdict] = (answer, "I can't help with that."), ("I can't help with that.", False), answer


def in_privacy_mode(day, sdk):
    person, at = day.person(), day.begin()
    hidden = {"$ai_input": None, "$ai_output_choices": None}
    name, ties = day.call(sdk, person, [], at, sdk.failed(429, "Rate limit reached.") | hidden)
    day.events[-1][1]["properties"] |= hidden
    day.anchors.append((ties, at))
    day.ignored["privacy_mode"] += 1


CASES = [retry, retry_with_tools, retry_after_an_hour, retry_in_one_trace, retry_of_an_address, retry_without_a_trace, retry_twice, other_session, same_image, cut_stream,
         one_character, other_tools, other_image, other_person, look_alike, success_first, too_late, given_up, retry_judged_bad, retry_judged_good,
         better_after_an_evaluation, better_after_a_thumb, better_with_other_values, thumb_up, disputed, not_applicable, refused_after_a_failure, refusal_judged_bad, in_privacy_mode]
# Cases that not every SDK's events can show.
ONLY = {other_image: WITH_IMAGES, refused_after_a_failure: WITH_REFUSALS, refusal_judged_bad: WITH_REFUSALS}


def made(seed=1):
    day = Day(seed)
    for case in CASES:
        for name in ONLY.get(case, SDKS):
            for _ in range(ROUNDS):
                case(day, SDKS[name])
    # The page's own failures, which a webhook brings and the pull brings again.
    for _ in range(60):
        item, chat = ask(day)
        name = day.put(day.begin(), "generation_failed", day.person().distinct_id, {"input_prompt": chat[1][1], "failure_reason": "timeout"})
        day.lines.add(name)
    # The rest went well. Some of it belongs to persons who had a failure within the hour, and is kept for them.
    troubled = [(ties, at) for ties, at in day.anchors]
    while len(day.events) < EVENTS:
        item, chat = ask(day)
        (distinct_id, _, _), at = day.rng.choice(troubled) if day.rng.random() < 0.2 else ((day.person().distinct_id, None, None), day.begin())
        person = day.person(distinct_id=distinct_id)
        day.succeed(day.rng.choice(list(SDKS.values())), person, chat, max(0, at + day.rng.randrange(-2 * HOUR, 2 * HOUR)), answers(day, item)[0])
    return day, day.finish()


if __name__ == "__main__":
    day, events = made()
    print(len(events), "events,", len(day.lines), "lines,", len(day.rows), "rows;", len(day.sft), "sft,", len(day.dpo), "dpo,", len(day.kto), "kto")
