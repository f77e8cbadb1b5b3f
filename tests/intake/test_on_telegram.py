"""How people really use Telegram: they tap twice, mend what they wrote, block us, and come by links."""

import io
from collections.abc import Callable
from typing import Any

import aiohttp
import orjson
import pytest

from tests.intake.conftest import Town
from tests.intake.house import SECRET
from tests.intake.plan import AGREE, SHORT_PART, tap
from tests.intake.stored import eventually
from tests.intake.ways import OnTelegram, walk

pytestmark = pytest.mark.asyncio(loop_scope="module")

LANGUAGE = "ជ្រើសរើសភាសា"
PHONE = SHORT_PART[6].asked
LISTEN = AGREE[1].asked  # the question after the language


async def test_a_deep_link_opens_the_chat_and_is_remembered(
    town: Town, newcomer: Callable[[], OnTelegram]
) -> None:
    person = newcomer()
    person.start("fair-2026")
    await person.sees(LANGUAGE)
    (said,) = town.knows(person).said
    assert said[:4] == ["Start", "fair-2026", "km", "1"]


async def test_every_tap_is_answered_and_its_message_edited_in_place(town: Town, person: OnTelegram) -> None:
    await walk(person, AGREE)
    await person.sees(SHORT_PART[0].asked)
    greeting, listen, _who, _kept, consent, menu, question = person.user.messages
    tapped = tuple(zip((greeting, listen, consent, menu), (step.tap for step in AGREE), strict=True))
    await town.fake.until(
        lambda: all(message["text"].endswith(f"✓ {chosen}") for message, chosen in tapped), what="the marks"
    )
    assert not any("reply_markup" in message for message, _ in tapped)
    assert question["reply_markup"]["inline_keyboard"]
    assert not _unanswered(town, person)


async def test_a_double_tap_is_one_answer(town: Town, person: OnTelegram) -> None:
    await walk(person, AGREE)
    await person.sees(SHORT_PART[0].asked)
    question = dict(person.user.last)
    first = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    person.user.press(first, question)
    person.user.press(first, question)
    await person.sees(SHORT_PART[1].asked)
    await town.fake.updates.settled()
    await town.fake.until(lambda: not _unanswered(town, person), what="an answer to both taps")
    await person.do(SHORT_PART[1])
    await person.sees(SHORT_PART[2].asked)
    asked = [message for message in person.user.messages if SHORT_PART[1].asked in message["text"]]
    assert len(asked) == 1
    assert town.knows(person).answers["phone_sharing[0]"][0] == ["key", "mine"]


async def test_an_edited_message_corrects_its_answer(town: Town, person: OnTelegram) -> None:
    await walk(person, (*AGREE, *SHORT_PART[:4]))
    await person.sees(SHORT_PART[4].asked)
    person.look_away()
    person.user.edit("ខេត្តព្រះវិហារ")
    await person.sees(SHORT_PART[4].asked)
    assert town.knows(person).answers["home[0]"][0] == ["place", "13"]


async def test_a_number_is_shared_by_the_phones_own_button(town: Town, person: OnTelegram) -> None:
    await walk(person, (*AGREE, *SHORT_PART[:6], tap(PHONE, "ផ្ញើលេខខ្ញុំ")))
    await walk(person, (tap(SHORT_PART[7].asked, "ព្រឹក"),))
    await person.sees(SHORT_PART[8].asked)
    assert person.user.chat.keyboard == []
    assert town.knows(person).answers["phone[0]"][0] == ["phone", "+85512345678"]


async def test_the_other_buttons_of_that_keyboard_work_though_they_come_as_words(
    town: Town, person: OnTelegram
) -> None:
    await walk(person, (*AGREE, *SHORT_PART[:6], tap(PHONE, "ហេតុអ្វីសួរ?"), tap(PHONE, "រំលង")))
    await person.sees(SHORT_PART[8].asked)  # without a number there is no hour to call at
    assert town.knows(person).answers["phone[0]"][0] == ["skipped"]


async def test_who_blocks_us_is_left_alone_and_welcome_again(town: Town, person: OnTelegram) -> None:
    await person.do(AGREE[0])
    await person.sees(LISTEN)
    person.user.block()
    await town.fake.updates.settled()
    assert not town.knows(person).reachable
    person.user.unblock()
    await town.fake.updates.settled()
    assert town.knows(person).reachable
    await person.do(AGREE[1])
    await person.sees(AGREE[2].asked)


async def test_a_block_that_only_a_send_meets_is_remembered_too(town: Town, person: OnTelegram) -> None:
    await person.sees(LANGUAGE)
    person.user.chat.blocked = True
    person.user.text("ខ្មែរ")
    await eventually(lambda: not town.knows(person).reachable, what="the block")
    person.user.chat.blocked = False
    person.user.unblock()
    await town.fake.updates.settled()
    person.look_away()
    person.user.text("សួស្តី")
    await person.sees(LISTEN)


async def test_only_telegram_may_post_to_the_webhook(town: Town) -> None:
    assert await _post(town, b"{ no json", secret="wrong") == 403  # refused before it is parsed
    assert await _post(town, b"{ no json", secret="") == 403
    assert await _post(town, b"{ no json") == 400
    assert await _post(town, b'{"update_id": "x"}') == 400
    assert await _post(town, b"[" * (1024 * 1024 + 1)) == 413


async def test_an_update_that_comes_twice_is_applied_once(
    town: Town, newcomer: Callable[[], OnTelegram]
) -> None:
    person = newcomer()
    body = _text_update(town, person, "សួស្តី")
    assert [await _post(town, body) for _ in range(3)] == [200, 200, 200]
    await person.sees(LANGUAGE)
    await person.do(AGREE[0])
    await person.sees(LISTEN)
    assert len(person.user.messages) == 2
    assert [event[0] for event in town.knows(person).said] == ["Text", "Tap"]


async def test_a_message_that_telegram_holds_back_is_sent_after_the_wait_it_asked_for(
    town: Town, person: OnTelegram
) -> None:
    await person.sees(LANGUAGE)
    refusal = town.fake.fault("status", method="sendMessage", status=429, retry_after=1, chat=person.user.id)
    await person.do(AGREE[0])
    await person.sees(LISTEN)
    assert refusal.times == 0
    refused, sent = (call for call in town.fake.calls if _question_to(person, call.params))
    assert (refused.status, sent.status) == (429, 200)
    assert sent.at - refused.at >= 1
    await person.do(AGREE[1])
    await person.sees(AGREE[2].asked)


def _unanswered(town: Town, person: OnTelegram) -> list[str]:
    queries = town.fake.world.queries.items()
    return [name for name, query in queries if query.person == person.user.id and query.answered is None]


def _question_to(person: OnTelegram, params: dict[str, Any]) -> bool:
    return params.get("chat_id") == person.user.id and params.get("text", "").startswith(LISTEN)


def _text_update(town: Town, person: OnTelegram, words: str) -> bytes:
    number = town.fake.world.next("update")
    form = town.fake.world.message(person.user.chat, person.user.chat.person, {"text": words})
    return orjson.dumps({"update_id": number, "message": form})


async def _post(town: Town, body: bytes, secret: str = SECRET) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    address = town.house.chat.removesuffix("/chat") + "/webhook/telegram"
    async with (
        aiohttp.ClientSession() as client,
        client.post(address, data=io.BytesIO(body), headers=headers) as answer,
    ):
        return answer.status
