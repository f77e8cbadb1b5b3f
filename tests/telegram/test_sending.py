"""One part becomes the right calls, and the person sees the right screen."""

from collections.abc import Iterator

import pytest

from bot.channels.channel import Refused, Sent, Unheld, Uploaded
from bot.channels.telegram.channel import TelegramChannel
from bot.core.channel import Document, Part, PartButton
from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser

YES_NO = ((PartButton("បាទ/ចាស", "7:yes"), PartButton("ទេ", "7:no")), (PartButton("រំលង", "7:skip"),))
ASK_PHONE = Part(
    "លេខទូរស័ព្ទ?", ((PartButton("រំលង", "8:skip"),),), request="contact", request_label="📱 ចែករំលែក"
)

SPEECH = Part(
    "", document=Document(0, "intake.age.ogg", "audio/ogg", "0" * 64, "locales/km/voice/intake.age.ogg")
)


@pytest.fixture(autouse=True)
def every_call_is_right(fake: FakeTelegram) -> Iterator[None]:
    fake.user(77)
    yield
    fake.assert_clean()


async def test_words_arrive_as_they_are(channel: TelegramChannel, user: FakeUser) -> None:
    said = "<b>*ជម្រាបសួរ*</b> _[x](http://127.0.0.1/)_ &amp; 👩‍👧"
    outcome = await channel.send("77", Part(said))
    assert outcome == Sent(str(user.last["message_id"]))
    assert user.last["text"] == said


async def test_buttons_keep_their_rows_and_payloads(channel: TelegramChannel, user: FakeUser) -> None:
    await channel.send("77", Part("ហាត់?", YES_NO))
    rows = user.last["reply_markup"]["inline_keyboard"]
    assert [[button["callback_data"] for button in row] for row in rows] == [["7:yes", "7:no"], ["7:skip"]]
    assert user.buttons == ["បាទ/ចាស", "ទេ", "រំលង"]


async def test_the_limits_themselves_pass(channel: TelegramChannel) -> None:
    rows = tuple(tuple(PartButton("ក" * 64, f"{row}:{'x' * 61}") for _ in range(8)) for row in range(10, 22))
    assert isinstance(await channel.send("77", Part("ក" * 4096, rows)), Sent)


async def test_a_part_replaces_a_message_in_place(channel: TelegramChannel, user: FakeUser) -> None:
    first = await channel.send("77", Part("ជ្រើស ☐", YES_NO))
    assert isinstance(first, Sent)
    again = await channel.send("77", Part("ជ្រើស ☑", YES_NO, replaces=first.message))
    assert again == first
    assert [message["text"] for message in user.messages] == ["ជ្រើស ☑"]


async def test_replacing_with_the_same_counts_as_sent(channel: TelegramChannel, user: FakeUser) -> None:
    first = await channel.send("77", Part("ដដែល", YES_NO))
    assert isinstance(first, Sent)
    assert await channel.send("77", Part("ដដែល", YES_NO, replaces=first.message)) == first
    assert len(user.messages) == 1


async def test_a_message_that_is_gone_is_said_anew(channel: TelegramChannel, user: FakeUser) -> None:
    outcome = await channel.send("77", Part("ថ្មី", YES_NO, replaces="999"))
    assert outcome == Sent(str(user.last["message_id"]))


async def test_a_phone_is_asked_by_the_platforms_button(channel: TelegramChannel, user: FakeUser) -> None:
    await channel.send("77", ASK_PHONE)
    assert user.buttons == ["📱 ចែករំលែក", "រំលង"]
    user.tap("📱 ចែករំលែក")
    (raw,) = await channel.updates(0, 0)
    assert raw["message"]["contact"]["user_id"] == 77


async def test_the_other_buttons_of_a_phone_question_type_their_label(
    channel: TelegramChannel, user: FakeUser
) -> None:
    await channel.send("77", ASK_PHONE)
    user.tap("រំលង")
    (raw,) = await channel.updates(0, 0)
    assert raw["message"]["text"] == "រំលង"


async def test_a_place_is_asked_the_same_way(
    channel: TelegramChannel, fake: FakeTelegram, user: FakeUser
) -> None:
    await channel.send("77", Part("នៅឯណា?", request="location", request_label="📍"))
    assert fake.calls[-1].params["reply_markup"]["keyboard"] == [[{"text": "📍", "request_location": True}]]
    user.tap("📍")
    (raw,) = await channel.updates(0, 0)
    assert raw["message"]["location"]["latitude"] == pytest.approx(13.1)


async def test_the_next_words_take_the_keyboard_away(channel: TelegramChannel, user: FakeUser) -> None:
    await channel.send("77", ASK_PHONE)
    await channel.send("77", Part("អរគុណ"))
    assert user.chat.keyboard == []
    assert len(user.messages) == 2


async def test_a_question_after_it_comes_after_a_tick(channel: TelegramChannel, user: FakeUser) -> None:
    await channel.send("77", ASK_PHONE)
    for _ in range(2):
        await channel.send("77", Part("ហាត់?", YES_NO))
    assert [message["text"] for message in user.messages] == ["លេខទូរស័ព្ទ?", "✓", "ហាត់?", "ហាត់?"]
    assert user.chat.keyboard == []


async def test_a_document_goes_out_with_its_words(
    channel: TelegramChannel, fake: FakeTelegram, user: FakeUser
) -> None:
    part = Part("ទិន្នន័យរបស់អ្នក", YES_NO, document=Document(1, "ទិន្នន័យ.json", "application/json"))
    outcome = await channel.send("77", part, b'{"a": 1}')
    assert isinstance(outcome, Sent)
    assert fake.calls[-1].files == {"document": b'{"a": 1}'}
    assert user.last["caption"] == "ទិន្នន័យរបស់អ្នក"
    assert user.buttons == ["បាទ/ចាស", "ទេ", "រំលង"]


async def test_long_words_follow_their_document(channel: TelegramChannel, user: FakeUser) -> None:
    part = Part("ក" * 1025, YES_NO, document=Document(1, "a.json", "application/json"))
    assert isinstance(await channel.send("77", part, b"{}"), Sent)
    file, words = user.messages
    assert "document" in file
    assert words["text"] == "ក" * 1025


async def test_recorded_speech_goes_out_as_a_voice_note(
    channel: TelegramChannel, fake: FakeTelegram, user: FakeUser
) -> None:
    outcome = await channel.send("77", SPEECH, b"OggS")
    assert outcome == Sent(str(user.last["message_id"]), user.last["voice"]["file_id"])
    assert (fake.calls[-1].method, fake.calls[-1].files) == ("sendVoice", {"voice": b"OggS"})


async def test_what_telegram_holds_is_sent_by_its_name(
    channel: TelegramChannel, fake: FakeTelegram, user: FakeUser
) -> None:
    first = await channel.send("77", SPEECH, b"OggS")
    assert isinstance(first, Sent)
    again = await channel.send("77", SPEECH, Uploaded(first.file))
    assert again == Sent(str(user.last["message_id"]))
    assert fake.calls[-1].files == {}
    assert fake.calls[-1].params["voice"] == user.last["voice"]["file_id"] == first.file


async def test_a_name_that_telegram_does_not_know_is_told_apart(
    channel: TelegramChannel, fake: FakeTelegram, user: FakeUser
) -> None:
    assert await channel.send("77", SPEECH, Uploaded("FILE-999999-voice")) == Unheld()
    assert user.messages == []
    assert len(fake.called("sendVoice")) == 1


async def test_recorded_speech_leaves_the_keyboard_of_its_question(
    channel: TelegramChannel, user: FakeUser
) -> None:
    await channel.send("77", ASK_PHONE)
    await channel.send("77", SPEECH, b"OggS")
    assert user.buttons == ["📱 ចែករំលែក", "រំលង"]
    await channel.send("77", Part("ហាត់?", YES_NO))
    assert [message.get("text", "🔊") for message in user.messages] == ["លេខទូរស័ព្ទ?", "🔊", "✓", "ហាត់?"]


async def test_who_wants_no_voice_notes_still_has_the_words(
    channel: TelegramChannel, fake: FakeTelegram, user: FakeUser
) -> None:
    fake.fault(method="sendVoice", status=400, description="Bad Request: VOICE_MESSAGES_FORBIDDEN")
    refused = await channel.send("77", SPEECH, b"OggS")
    assert isinstance(refused, Refused)
    assert refused.stop == "nothing"
    assert isinstance(await channel.send("77", Part("អរគុណ")), Sent)
    assert user.last["text"] == "អរគុណ"


async def test_a_document_without_bytes_is_refused(channel: TelegramChannel, fake: FakeTelegram) -> None:
    part = Part("x", document=Document(1, "a.json", "application/json"))
    assert await channel.send("77", part) == Refused("document-missing")
    assert fake.calls == []


@pytest.mark.parametrize("address", ["", "abc", "-100", "៧៧", "77 "])
async def test_an_address_that_is_no_person_is_refused(channel: TelegramChannel, address: str) -> None:
    assert await channel.send(address, Part("x")) == Refused("bad-recipient", stop="person")


async def test_a_voice_note_is_fetched(channel: TelegramChannel, user: FakeUser) -> None:
    content = b"OggS" + bytes(200_000)
    user.voice(content=content)
    (raw,) = await channel.updates(0, 0)
    ref = raw["message"]["voice"]["file_id"]
    assert b"".join([chunk async for chunk in channel.fetch(ref)]) == content


async def test_a_file_that_cannot_be_had_is_an_oserror(
    channel: TelegramChannel, fake: FakeTelegram, user: FakeUser
) -> None:
    fake.world.files["big"] = ("voice/big.oga", bytes(20 * 1024 * 1024 + 1))
    for ref in ("big", "unknown"):
        with pytest.raises(OSError, match="getFile failed"):
            await anext(channel.fetch(ref))
    user.voice()
    ref = next(iter(fake.world.files.keys() - {"big"}))
    fake.fault(method="getFile", status=500)
    with pytest.raises(OSError, match="getFile failed"):
        await anext(channel.fetch(ref))
