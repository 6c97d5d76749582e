"""An end-to-end test of a product that uses PostHog, with pytest and posthog-local.

    pip install pytest posthog
    docker run -p 8000:8000 -v ./posthog-local/examples/project.toml:/etc/posthog-local/project.toml:ro posthog-local
    pytest posthog-local/examples/test_checkout.py
"""
import datetime
import json
import os
import urllib.parse
import urllib.request
import uuid

import posthog
import pytest

POSTHOG = os.environ.get("POSTHOG_HOST", "http://localhost:8000")


def ask(path, change=None, **query):
    """Asks posthog-local; with a change, changes something."""
    url = f"{POSTHOG}{path}?{urllib.parse.urlencode(query)}" if query else f"{POSTHOG}{path}"
    body = None if change is None else json.dumps(change).encode()
    return json.load(urllib.request.urlopen(url, body))


def wait_for(**query):
    """The newest event that matches, once there is one. What came instead is told by a failure."""
    answer = ask("/_local/wait", **query)
    assert answer["found"], [(event["event"], event["states"], event.get("dropped")) for event in answer["events"]]
    return answer["events"][0]


@pytest.fixture
def client():
    client = posthog.Posthog("phc_local", host=POSTHOG, flush_at=1)
    yield client
    client.shutdown()
    ask("/_local/flags/new-checkout", {"reset": True})


@pytest.fixture
def person():
    return f"person-{uuid.uuid4()}"


# The product: what would be elsewhere.
def check_out(client, person, email):
    flags = client.evaluate_flags(person)
    client.capture(
        "order placed",
        distinct_id=person,
        properties={"checkout": "new" if flags.is_enabled("new-checkout") else "old", "$set": {"email": email}},
    )


def test_an_order_is_captured_and_thanked_for(client, person):
    check_out(client, person, "ada@example.com")
    order = wait_for(event="order placed", distinct_id=person, state="mailed", timeout="5s")
    assert order["properties"]["checkout"] == "old"
    mails = [mail for mail in ask("/_local/emails")["emails"] if mail["event_uuid"] == order["uuid"]]
    assert [(mail["to"], mail["subject"]) for mail in mails] == [("ada@example.com", "Thank you for your order")]


def test_the_flag_switches_the_checkout(client, person):
    ask("/_local/flags/new-checkout", {"value": True})
    check_out(client, person, "ada@example.com")
    assert wait_for(event="order placed", distinct_id=person)["properties"]["checkout"] == "new"


def test_nobody_without_an_address_is_mailed(client, person):
    since = datetime.datetime.now(datetime.timezone.utc).isoformat()
    check_out(client, person, "")
    # Nothing more will happen to a settled event, so what did not happen will not.
    assert "mailed" not in wait_for(event="order placed", since=since, state="settled")["states"]
