"""Utility templates at the fake Graph API: what it takes, what it lets leave, and what it lists."""

from typing import Any

import pytest

from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson
from tests.messenger.asking import ask, free

Json = dict[str, Any]
FIT = {"type": "BODY", "text": "See you soon at the fair."}


def utility(name: str, language: str = "en", **more: object) -> Json:
    return {"name": name, "language": language, "category": "UTILITY", "components": [FIT]} | more


def say(name: str, **more: object) -> Json:
    message = {"template": {"name": name, "language": {"code": "en"}, "components": []} | more}
    return {"recipient": {"id": "7001"}, "messaging_type": "UTILITY", "message": message}


async def test_only_an_approved_template_leaves_and_never_with_free_words(
    fake: FakeGraph, person: FakePerson
) -> None:
    assert (await ask(fake, "message_templates", utility("soon"))).error == (10, None)
    assert (await ask(fake, "messages", say("soon"))).error == (10, None)
    fake.grant()
    fake.world.verdict = "PENDING"
    assert (await ask(fake, "message_templates", utility("soon"))).body["status"] == "PENDING"
    assert (await ask(fake, "messages", say("soon"))).error == (100, None)
    await fake.rule("soon", "en", "APPROVED")
    assert (await ask(fake, "messages", say("soon"))).status == 200
    await fake.rule("soon", "en", "REJECTED")
    assert (await ask(fake, "messages", say("soon"))).error == (100, None)
    fake.assert_clean()
    told = await ask(fake, "messages", free(message={"text": "និង", **say("soon")["message"]}))
    assert told.error == (100, 2018034)
    assert [got.text for got in person.messages] == [FIT["text"]]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"name": "Fair#1"}, (100, None)),
        ({"category": "MARKETING"}, (100, None)),
        ({"components": []}, (100, None)),
        ({"components": [{"type": "BODY", "text": "a" * 1025}]}, (100, None)),
        ({"components": [{"type": "BODY", "text": "{{1}} is soon."}]}, (100, None)),
        ({"components": [{"type": "BODY", "text": "It is {{1}}"}]}, (100, None)),
        ({"components": [FIT, FIT]}, (100, None)),
        (
            {"components": [FIT, {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "a"}] * 4}]},
            (100, None),
        ),
        (
            {"components": [FIT, {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "a"}]}]},
            (100, 2018416),
        ),
        (
            {"parameter_format": "NAMED", "components": [{"type": "BODY", "text": "On {{day}} we meet."}]},
            (100, None),
        ),
    ],
)
async def test_a_template_that_breaks_a_rule_is_not_taken(
    fake: FakeGraph, more: Json, error: tuple[int, int | None]
) -> None:
    fake.grant()
    assert (await ask(fake, "message_templates", utility("soon") | more)).error == error
    assert fake.world.templates == {}
    assert len(fake.violations) == 1


async def test_khmer_is_refused_as_a_templates_language_until_meta_takes_it(fake: FakeGraph) -> None:
    fake.grant()
    assert (await ask(fake, "message_templates", utility("soon", "km"))).error == (100, None)
    fake.world.languages.add("km")
    assert (await ask(fake, "message_templates", utility("soon", "km"))).status == 200
    assert (await ask(fake, "message_templates", utility("soon", "km"))).error == (100, None)  # no edits
    fake.assert_clean()


async def test_a_templates_holes_and_buttons_are_filled_exactly(fake: FakeGraph, person: FakePerson) -> None:
    fake.grant()
    shape = [
        {"type": "BODY", "text": "Dear {{1}}, see you."},
        {"type": "BUTTONS", "buttons": [{"type": "POSTBACK", "text": "Yes"}]},
    ]
    await ask(fake, "message_templates", utility("dear", components=shape))
    body = {"type": "body", "parameters": [{"type": "text", "text": "Sokha"}]}
    yes = {"type": "buttons", "parameters": [{"type": "POSTBACK", "payload": "y"}]}
    wrong = {"type": "buttons", "parameters": [{"type": "URL", "url": "y"}]}
    assert (await ask(fake, "messages", say("dear", components=[yes]))).error == (100, None)
    assert (await ask(fake, "messages", say("dear", components=[body]))).error == (100, 1893029)
    assert (await ask(fake, "messages", say("dear", components=[body, wrong]))).error == (100, None)
    assert (await ask(fake, "messages", say("dear", components=[body, yes]))).status == 200
    assert person.last.text == "Dear Sokha, see you."
    assert "y" in str(await person.press("Yes"))


async def test_templates_are_listed_a_page_at_a_time(fake: FakeGraph) -> None:
    fake.grant()
    for number in range(3):
        await ask(fake, "message_templates", utility(f"t{number}"))
    first = (await ask(fake, "message_templates", {"limit": "2"}, "GET")).body
    after = first["paging"]["cursors"]["after"]
    second = (await ask(fake, "message_templates", {"limit": "2", "after": after}, "GET")).body
    assert [one["name"] for one in first["data"] + second["data"]] == ["t0", "t1", "t2"]
    assert "next" in first["paging"]
    assert "next" not in second["paging"]
    assert (await ask(fake, "message_templates", {"name": "t1"}, "DELETE")).body == {"success": True}
    assert (await ask(fake, "message_templates", {"name": "t1"}, "DELETE")).error == (100, None)
    assert ("t1", "en") not in fake.world.templates
    for number in range(24):
        await ask(fake, "message_templates", utility(f"u{number}"))
    assert len((await ask(fake, "message_templates", verb="GET")).body["data"]) == 25
