"""A Page made ready, what it is granted, and what an operator reads when it cannot work."""

import pytest

from bot.channels.account import AccountError
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.messenger.probe import Probed, probe
from bot.channels.messenger.setup import (
    Identity,
    Introduction,
    SetupRefused,
    identify,
    introduce,
    subscribe,
)
from bot.core.contact import Language
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.world import Utility

WORDS: dict[Language, Introduction] = {
    "km": Introduction({"menu": "ម៉ឺនុយ", "person": "និយាយជាមួយបុគ្គលិក"}, "ជំនួយការឥតគិតថ្លៃ"),
    "en": Introduction({"menu": "Menu", "person": "Talk to a person"}, "A free helper"),
}


def calls(fake: FakeGraph) -> list[str]:
    return [f"{call.verb} {call.edge}" for call in fake.calls]


async def test_a_page_is_introduced_in_khmer_to_everybody_and_in_english(
    fake: FakeGraph, channel: MessengerChannel
) -> None:
    await introduce(channel, WORDS)
    shown = fake.world.profile
    assert shown["get_started"] == {"payload": "c:start"}
    assert shown["greeting"] == [
        {"locale": "default", "text": "ជំនួយការឥតគិតថ្លៃ"},
        {"locale": "en_US", "text": "A free helper"},
    ]
    khmer, english = shown["persistent_menu"]
    assert (khmer["locale"], english["locale"]) == ("default", "en_US")
    assert khmer["call_to_actions"][1] == {
        "type": "postback",
        "title": "និយាយជាមួយបុគ្គលិក",
        "payload": "c:person",
    }
    fake.assert_clean()


async def test_only_what_differs_is_set(fake: FakeGraph, channel: MessengerChannel) -> None:
    await introduce(channel, WORDS)
    await introduce(channel, WORDS)
    assert calls(fake) == ["GET messenger_profile", "POST messenger_profile", "GET messenger_profile"]
    fake.world.profile["greeting"] = [{"locale": "default", "text": "old"}]
    await introduce(channel, WORDS)
    assert set(fake.calls[-1].params) == {"greeting"}


async def test_the_events_we_read_are_chosen_once_and_others_are_left_alone(
    fake: FakeGraph, channel: MessengerChannel
) -> None:
    fake.world.subscribed = {"messages", "feed"}
    await subscribe(channel)
    await subscribe(channel)
    chosen: set[str] = set(fake.world.subscribed)
    assert {"messages", "feed", "standby", "message_echoes", "message_reactions"} <= chosen
    assert calls(fake) == ["GET subscribed_apps", "POST subscribed_apps", "GET subscribed_apps"]


async def test_whose_the_token_is(fake: FakeGraph, channel: MessengerChannel) -> None:
    assert await identify(channel) == Identity(fake.page_id, "ស្ពាន")


@pytest.mark.parametrize("granted", [True, False])
async def test_what_the_page_is_granted(
    fake: FakeGraph,
    channel: MessengerChannel,
    granted: bool,  # noqa: FBT001 - a column
) -> None:
    for nth, status in enumerate(["APPROVED"] * 130 + ["PENDING", "REJECTED"]):
        name = f"t{nth}_v1"
        one = Utility(str(nth), name, "en", status, {"components": []})
        fake.world.templates[name, "en"] = one
    fake.grant(utility=granted, human_agent=granted)
    found = frozenset(f"t{nth}_v1/en" for nth in range(130))
    assert await probe(channel) == Probed(granted, granted, found if granted else frozenset())


@pytest.mark.parametrize(
    ("error", "cure"),
    [
        ("expired", r"messenger\.page_token was refused .*190/463"),
        ("permission", "pages_messaging"),
        ("restricted", "Page Quality"),
    ],
)
async def test_a_page_that_cannot_work_is_told_with_its_cure(
    fake: FakeGraph, channel: MessengerChannel, error: str, cure: str
) -> None:
    for ready in (lambda: identify(channel), lambda: introduce(channel, WORDS), lambda: subscribe(channel)):
        fake.fault(name=error)
        with pytest.raises(AccountError, match=cure):
            await ready()


async def test_a_dead_token_fails_the_probe_and_grants_nothing(
    fake: FakeGraph, channel: MessengerChannel
) -> None:
    fake.world.token_error = "expired"
    with pytest.raises(AccountError, match="page_token"):
        await probe(channel)


async def test_a_throttled_set_up_waits_as_long_as_asked_and_gives_up_at_last(
    fake: FakeGraph, channel: MessengerChannel
) -> None:
    fake.fault(status=400, code=613, times=2, headers={"Retry-After": "0"})
    assert (await identify(channel)).id == fake.page_id
    fake.fault(status=400, code=613, times=3, headers={"Retry-After": "0"})
    with pytest.raises(SetupRefused, match="613"):
        await identify(channel)


async def test_the_page_of_another_token(fake: FakeGraph) -> None:
    channel = MessengerChannel("5", fake.page_token, fake.app_secret, fake.base)
    with pytest.raises(AccountError):
        await identify(channel)
    await channel.close()


async def test_a_wrong_app_secret_and_an_old_version(fake: FakeGraph) -> None:
    wrong = MessengerChannel(fake.page_id, fake.page_token, "another", fake.base)
    with pytest.raises(SetupRefused, match=r"messenger\.app_secret"):
        await identify(wrong)
    old = MessengerChannel(fake.page_id, fake.page_token, fake.app_secret, fake.base, "v19.0")
    with pytest.raises(SetupRefused, match=r"messenger\.graph_version"):
        await identify(old)
    await wrong.close()
    await old.close()


async def test_nobody_there_names_the_address() -> None:
    channel = MessengerChannel("1", "token", "secret", "http://127.0.0.1:9")
    with pytest.raises(AccountError, match=r"graph_base http://127\.0\.0\.1:9 cannot be reached"):
        await identify(channel)
    await channel.close()


@pytest.mark.parametrize(
    ("command", "greeting"), [("x" * 31, "hello"), ("", "hello"), ("menu", ""), ("menu", "x" * 161)]
)
def test_words_that_the_platform_would_refuse_are_found_at_home(command: str, greeting: str) -> None:
    with pytest.raises(SetupRefused, match="characters"):
        Introduction({"menu": command}, greeting)
