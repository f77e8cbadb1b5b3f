"""A bot is made ready; what is wrong with it is said plainly."""

import socket

import pytest

from bot.channels.telegram.account import ApiUnreachable, BadToken, SetupRefused
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.setup import (
    Identity,
    Introduction,
    delete_webhook,
    identify,
    introduce,
    set_webhook,
)
from bot.core.contact import Language
from tests.fakes.telegram.api import TOKEN, FakeTelegram

WORDS: dict[Language, Introduction] = {
    "km": Introduction({"menu": "ម៉ឺនុយ", "stop": "ឈប់"}, "ស្ពានជួយអ្នកត្រឡប់ពីថៃ", "ជួយអ្នកត្រឡប់"),
    "en": Introduction({"menu": "Menu", "stop": "Stop"}, "Spean helps returnees", "For returnees"),
}


async def test_the_token_names_the_bot(channel: TelegramChannel) -> None:
    assert channel.account == "telegram:7001"
    assert await identify(channel) == Identity(7001, "spean_test_bot", "ស្ពាន")


@pytest.mark.parametrize("token", ["", "7001", "abc:def", "7001:", "7001:a b", "7001:ក្ខគ"])
def test_a_malformed_token_is_named_before_any_call(token: str) -> None:
    with pytest.raises(BadToken, match="BotFather"):
        TelegramChannel(token)


@pytest.mark.parametrize("status", [401, 404])
async def test_a_refused_token_is_named_without_showing_it(
    fake: FakeTelegram, channel: TelegramChannel, status: int
) -> None:
    fake.fault(status=status)
    with pytest.raises(BadToken, match=r"refused by http://127") as caught:
        await identify(channel)
    assert TOKEN not in str(caught.value)


async def test_an_api_that_is_not_there_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        channel = TelegramChannel(TOKEN, f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(ApiUnreachable, match="api_base"):
            await identify(channel)
        await channel.close()


async def test_so_is_one_that_is_something_else(fake: FakeTelegram, channel: TelegramChannel) -> None:
    fake.fault(status=404, html=True)
    with pytest.raises(ApiUnreachable, match="api_base"):
        await identify(channel)


async def test_commands_and_descriptions_speak_both_languages(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    await introduce(channel, WORDS)
    for language, words in (("", WORDS["km"]), ("km", WORDS["km"]), ("en", WORDS["en"])):
        commands = fake.world.words["Commands", language]
        assert {one["command"]: one["description"] for one in commands} == words.commands
        assert fake.world.words["Description", language] == words.description
        assert fake.world.words["ShortDescription", language] == words.short
    fake.assert_clean()


async def test_what_is_set_already_is_not_set_again(fake: FakeTelegram, channel: TelegramChannel) -> None:
    await introduce(channel, WORDS)
    before = len([call for call in fake.calls if call.method.startswith("set")])
    await introduce(channel, WORDS)
    assert len([call for call in fake.calls if call.method.startswith("set")]) == before == 9


async def test_set_up_waits_when_asked_to(fake: FakeTelegram, channel: TelegramChannel) -> None:
    fake.fault(method="setMyCommands", status=429, retry_after=0.01)
    await introduce(channel, WORDS)
    fake.fault(method="getMe", status=429, retry_after=0.01, times=3)
    with pytest.raises(SetupRefused, match="too many requests"):
        await identify(channel)


@pytest.mark.parametrize(
    "wrong",
    [
        {"commands": {"Menu": "x"}},
        {"commands": {"menu": ""}},
        {"commands": {"menu": "x" * 257}},
        {"commands": {f"c{n}": "x" for n in range(101)}},
        {"description": "x" * 513},
        {"short": "x" * 121},
    ],
)
def test_words_that_telegram_would_refuse_are_refused_here(wrong: dict[str, object]) -> None:
    fields: dict[str, object] = {"commands": {}, "description": "", "short": ""}
    with pytest.raises(SetupRefused):
        Introduction(**(fields | wrong))  # type: ignore[arg-type]


async def test_a_webhook_is_set_with_its_secret_and_removed(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    await set_webhook(channel, "https://spean.example/webhook/telegram", "s3cret_-", 100)
    (told,) = fake.called("setWebhook")
    assert told["secret_token"] == "s3cret_-"
    assert told["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert told["max_connections"] == 100
    await delete_webhook(channel)
    assert fake.updates.webhook is None
    fake.assert_clean()


async def test_a_webhook_that_telegram_refuses_is_explained(channel: TelegramChannel) -> None:
    with pytest.raises(SetupRefused, match="https"):
        await set_webhook(channel, "http://spean.example/webhook/telegram", "secret")
    with pytest.raises(SetupRefused, match="webhook_secret"):
        await set_webhook(channel, "https://spean.example/webhook/telegram", "អាថ៌កំបាំង")
