"""Every limit of the fake Graph API on both its sides: the last that passes, and the first that does not."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.fakes.graph import forms
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson
from tests.messenger.asking import ask, free

Json = dict[str, Any]
OPEN = timedelta(hours=24)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


def quick(count: int = 1, **more: object) -> Json:
    reply = {"content_type": "text", "title": "បាទ", "payload": "a"} | more
    return {"text": "?", "quick_replies": [reply] * count}


def template(**payload: object) -> Json:
    return {"attachment": {"type": "template", "payload": payload}}


def button(**more: object) -> Json:
    return {"type": "postback", "title": "បាទ", "payload": "a"} | more


def buttons(count: int = 1, text: str = "?", **more: object) -> Json:
    return template(template_type="button", text=text, buttons=[button(**more)] * count)


def cards(count: int = 1, **more: object) -> Json:
    return template(
        template_type="generic", elements=[{"title": "ការងារ", "subtitle": "ពោធិ៍សាត់"} | more] * count
    )


@pytest.mark.parametrize(
    ("fits", "breaks"),
    [
        ({"text": "ក" * 1999}, {"text": "ក" * 2000}),
        ({"text": "a", "metadata": "m" * 999}, {"text": "a", "metadata": "m" * 1000}),
        ({"text": "a"}, {"text": ""}),
        ({"text": "a"}, {"text": " \n"}),
        ({"text": "a"}, {"text": 5}),
        ({"text": "a"}, {"text": "a", "colour": "red"}),
        ({"text": "a"}, {"text": "a", **buttons()}),
        (quick(13), quick(14)),
        (quick(), quick(0)),
        (quick(title="ក" * 20), quick(title="ក" * 21)),
        (quick(payload="p" * 1000), quick(payload="p" * 1001)),
        (quick(payload="p"), quick(payload="")),
        (
            {"text": "?", "quick_replies": [{"content_type": "user_phone_number"}]},
            quick(content_type="location"),
        ),
        (buttons(text="ក" * 640), buttons(text="ក" * 641)),
        (buttons(3), buttons(4)),
        (buttons(), buttons(0)),
        (buttons(title="ក" * 20), buttons(title="ក" * 21)),
        (buttons(payload="p" * 1000), buttons(payload="p" * 1001)),
        (buttons(), buttons(type="telepathy")),
        (buttons(), buttons(url="https://spean.example")),
        (cards(10), cards(11)),
        (cards(title="ក" * 80), cards(title="ក" * 81)),
        (cards(subtitle="ក" * 80), cards(subtitle="ក" * 81)),
        (cards(buttons=[button()] * 3), cards(buttons=[button()] * 4)),
        (cards(), template(template_type="receipt")),
    ],
)
async def test_a_message_fits_or_is_refused_and_remembered(
    fake: FakeGraph, person: FakePerson, fits: Json, breaks: Json
) -> None:
    assert (await ask(fake, "messages", free(message=fits))).status == 200
    fake.assert_clean()
    assert (await ask(fake, "messages", free(message=breaks))).error[0] == 100
    assert len(person.messages) == 1
    with pytest.raises(AssertionError):
        fake.assert_clean()


@pytest.mark.parametrize(
    "more",
    [
        {"messaging_type": "BROADCAST"},
        {"messaging_type": "MESSAGE_TAG"},
        {"messaging_type": "UTILITY"},
        {"tag": "HUMAN_AGENT"},
        {"messaging_type": "MESSAGE_TAG", "tag": "PIGEON_POST"},
        {"recipient": {"user_ref": "7001"}},
        {"recipient": "7001"},
        {"notification_type": "LOUD"},
        {"sender_action": "typing_on"},
        {"urgent": True},
    ],
)
async def test_a_wrong_call_is_refused(fake: FakeGraph, person: FakePerson, more: Json) -> None:
    fake.grant()
    assert (await ask(fake, "messages", free() | more)).error[0] == 100
    assert person.messages == []
    assert len(fake.violations) == 1


@pytest.mark.parametrize("tag", ["CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"])
async def test_a_removed_tag_is_refused_even_inside_the_window(
    fake: FakeGraph, person: FakePerson, tag: str
) -> None:
    told = await ask(fake, "messages", free(person.psid) | {"messaging_type": "MESSAGE_TAG", "tag": tag})
    assert told.error == (100, 1893061)
    assert len(fake.violations) == 1


async def test_the_window_is_open_for_a_day_after_the_last_act(fake: FakeGraph, person: FakePerson) -> None:
    fake.freeze()
    person.wait(OPEN - SECOND)
    assert (await ask(fake, "messages", free())).status == 200
    person.wait(OPEN + SECOND)
    assert (await ask(fake, "messages", free())).error == (10, 2018278)
    await person.read()
    assert (await ask(fake, "messages", free())).error == (10, 2018278)
    await person.react()
    assert (await ask(fake, "messages", free())).status == 200
    person.shut()  # Graph knows better than any clock
    assert (await ask(fake, "messages", free())).error == (10, 2018278)
    await person.say("នៅទីនេះ")
    assert (await ask(fake, "messages", free())).status == 200
    fake.assert_clean()


async def test_a_human_may_write_for_a_week_where_that_was_granted(
    fake: FakeGraph, person: FakePerson
) -> None:
    fake.freeze()
    human = free() | {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    person.wait(WEEK)
    assert (await ask(fake, "messages", human)).error == (10, None)
    fake.grant(utility=False, human_agent=True)
    assert (await ask(fake, "messages", human)).status == 200
    assert person.last.way == "human"
    person.wait(WEEK + SECOND)
    assert (await ask(fake, "messages", human)).error == (10, 2018278)


async def upload(
    fake: FakeGraph, content: bytes, kind: str, *, reusable: bool = True
) -> aiohttp.ClientResponse:
    """As our channel does it: a multipart form with the file in `filedata`."""
    payload = f'{{"attachment":{{"type":"{kind}","payload":{{"is_reusable":{str(reusable).lower()}}}}}}}'
    form = aiohttp.FormData({"message": payload, "appsecret_proof": fake.proof})
    form.add_field("filedata", content, filename="a", content_type="application/octet-stream")
    headers = {"Authorization": f"Bearer {fake.page_token}"}
    async with aiohttp.ClientSession() as session:
        at = f"{fake.base}/v26.0/{fake.page_id}/message_attachments"
        told = await session.post(at, data=form, headers=headers)
        await told.read()
        return told


async def test_an_upload_lives_ninety_days_and_keeps_its_kind(fake: FakeGraph, person: FakePerson) -> None:
    voice = b"OggS" + bytes(20)
    held = (await (await upload(fake, voice, "audio")).json())["attachment_id"]
    by_id = {"attachment": {"type": "audio", "payload": {"attachment_id": held}}}
    as_image = {"attachment": {"type": "image", "payload": {"attachment_id": held}}}
    assert (await ask(fake, "messages", free(message=by_id))).status == 200
    assert person.last.file == voice
    assert (await ask(fake, "messages", free(message=as_image))).error == (100, 2018074)
    fake.later(timedelta(days=90))
    person.met()
    assert (await ask(fake, "messages", free(message=by_id))).error == (100, 2018074)
    fake.assert_clean()


async def test_an_upload_is_refused_when_empty_too_large_or_of_another_kind(
    fake: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await upload(fake, b"%PDF-1.4", "file")).status == 200
    assert (await upload(fake, b"", "file")).status == 400
    assert (await upload(fake, b"%PDF-1.4", "image")).status == 400
    assert (await upload(fake, b"%PDF-1.4", "file", reusable=False)).status == 400
    assert forms.FILE_MAX == 25 * 1024 * 1024
    monkeypatch.setattr(forms, "FILE_MAX", 8)
    assert (await upload(fake, b"%PDF-1.4", "file")).status == 200
    assert (await upload(fake, b"%PDF-1.45", "file")).status == 400


async def test_an_address_that_gives_nothing_is_refused(fake: FakeGraph, person: FakePerson) -> None:
    for at in ("https://spean.example/a.jpg", f"{fake.base}/cdn/none.jpg"):
        told = await ask(
            fake, "messages", free(message={"attachment": {"type": "image", "payload": {"url": at}}})
        )
        assert told.error == (100, 2018008)
    assert person.messages == []
