"""What the fake tells the product: signed, escaped, repeated, late or twice, as Meta does it."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson
from tests.messenger.asking import Hook, ask, free

INBOX = 263902037430900


@pytest.fixture
async def hook(fake: FakeGraph) -> AsyncIterator[Hook]:
    hook = await Hook().start()
    fake.webhook = hook.url
    yield hook
    await hook.stop()


def signature(fake: FakeGraph, raw: bytes) -> str:
    return "sha256=" + hmac.new(fake.app_secret.encode(), raw, hashlib.sha256).hexdigest()


async def test_a_khmer_bodys_signature_is_over_its_raw_bytes(
    fake: FakeGraph, person: FakePerson, hook: Hook
) -> None:
    assert await fake.verify()
    await person.say("ខ្ញុំរកការងារ ឬ/និងវគ្គ")
    raw, given = hook.raw[0], hook.signatures[0]
    assert raw.isascii()
    assert b"\\u1781\\u17d2\\u1789" in raw
    assert b"\\/" in raw
    assert hmac.compare_digest(given, signature(fake, raw))
    again = json.dumps(json.loads(raw), ensure_ascii=False, separators=(",", ":")).encode()
    assert json.loads(again) == json.loads(raw)
    assert not hmac.compare_digest(given, signature(fake, again))
    assert not hmac.compare_digest(given, signature(fake, raw + b" "))


async def test_a_message_is_repeated_until_it_is_taken(
    fake: FakeGraph, person: FakePerson, hook: Hook
) -> None:
    hook.answers = [500, 204, 429]
    await person.say("ម្តងទៀត")
    assert hook.texts == ["ម្តងទៀត"] * 4  # only a 200 counts
    assert fake.hooks.posts[0].statuses == [500, 204, 429, 200]
    assert len({item["message"]["mid"] for item in hook.items}) == 1


async def test_what_is_refused_for_an_hour_ends_the_subscription(hook: Hook) -> None:
    fast = await FakeGraph(speed=1_000_000).start()
    fast.webhook = hook.url
    other = fast.person("7002")
    hook.answers = [500] * 1000
    await other.say("ឮទេ?")
    assert fast.hooks.unsubscribed
    heard = len(hook.raw)
    await other.say("ឮទេ?")
    assert len(hook.raw) == heard
    await fast.stop()


async def test_a_late_repeat_comes_after_what_was_said_later(
    fake: FakeGraph, person: FakePerson, hook: Hook
) -> None:
    fake.tells.waits = False
    hook.answers = [500]
    await person.say("មួយ")
    await person.say("ពីរ")
    await fake.settled()
    assert sorted(hook.texts) == ["ពីរ", "មួយ", "មួយ"]
    assert hook.texts[0] == "មួយ"


async def test_bodies_come_twice_or_late_when_told_so(
    fake: FakeGraph, person: FakePerson, hook: Hook
) -> None:
    fake.fault("duplicate")
    await person.say("ពីរដង")
    await fake.settled()
    assert hook.texts == ["ពីរដង", "ពីរដង"]
    fake.fault("reorder", times=2)
    for text in ("១", "២", "៣"):
        await person.say(text)
    await fake.settled()
    assert hook.texts[2:] == ["៣", "២", "១"]
    stamps = [item["timestamp"] for item in hook.items[2:]]
    assert stamps == sorted(stamps, reverse=True)


async def test_a_batch_is_one_body_with_an_entry_for_each_act(
    fake: FakeGraph, person: FakePerson, hook: Hook
) -> None:
    other = fake.person("7002")
    async with fake.batch():
        await person.say("១")
        await other.say("២")
        await person.react("m_OLD")
    (raw,) = hook.raw
    entries = json.loads(raw)["entry"]
    assert [entry["messaging"][0]["sender"]["id"] for entry in entries] == ["7001", "7002", "7001"]
    assert entries[2]["messaging"][0]["reaction"]["mid"] == "m_OLD"


async def test_our_own_message_comes_back_as_an_echo_and_a_receipt(
    fake: FakeGraph, person: FakePerson, hook: Hook
) -> None:
    told = await ask(fake, "messages", free(message={"text": "ជម្រាបសួរ", "metadata": "o:5"}))
    await fake.settled()
    echo, delivery = hook.items
    assert echo["sender"]["id"] == fake.page_id
    assert echo["recipient"]["id"] == person.psid
    assert echo["message"] | {"is_echo": True} == echo["message"]
    assert (echo["message"]["metadata"], echo["message"]["app_id"]) == ("o:5", int(fake.app_id))
    assert delivery["delivery"]["mids"] == [told.body["message_id"]]
    await person.read()
    assert hook.items[2]["read"]["watermark"] >= delivery["delivery"]["watermark"]


async def test_staff_in_the_pages_inbox_write_take_and_leave(
    fake: FakeGraph, person: FakePerson, hook: Hook
) -> None:
    await person.staff_write("ខ្ញុំជាបុគ្គលិក")
    assert hook.items[0]["message"]["app_id"] == INBOX
    assert "metadata" not in hook.items[0]["message"]
    await person.staff_take()
    await person.say("អរគុណ")
    assert "standby" in json.loads(hook.raw[2])["entry"][0]
    assert (await ask(fake, "messages", free())).error == (10, 2018300)
    await person.staff_leave()
    await person.say("តើអ្នកនៅទេ?")
    assert [
        next(key for key in item if "thread_control" in key) for item in (hook.items[1], hook.items[3])
    ] == [
        "take_thread_control",
        "pass_thread_control",
    ]
    assert hook.items[3]["pass_thread_control"]["new_owner_app_id"] == fake.app_id
    assert "messaging" in json.loads(hook.raw[4])["entry"][0]


async def test_a_decision_on_a_template_comes_as_a_change(fake: FakeGraph, hook: Hook) -> None:
    fake.grant()
    fake.world.verdict = "PENDING"
    components = [{"type": "BODY", "text": "See you soon."}]
    form = {"name": "soon", "language": "en", "category": "UTILITY", "components": components}
    await ask(fake, "message_templates", form)
    await fake.rule("soon", "en", "REJECTED", "INCORRECT_PARAMS")
    (change,) = hook.items
    assert change["field"] == "message_template_status_update"
    assert (change["value"]["event"], change["value"]["reason"]) == ("REJECTED", "INCORRECT_PARAMS")


async def test_only_subscribed_fields_come(fake: FakeGraph, person: FakePerson, hook: Hook) -> None:
    assert (await ask(fake, "subscribed_apps", {"subscribed_fields": "messages,pigeons"})).status == 400
    await ask(fake, "subscribed_apps", {"subscribed_fields": "messages"})
    await person.react("m_OLD")
    await person.say("សួស្តី")
    assert hook.texts == ["សួស្តី"]
    assert len(hook.raw) == 1
    await ask(fake, "subscribed_apps", verb="DELETE")
    await person.say("សួស្តី")
    assert len(hook.raw) == 1


async def test_a_person_presses_only_what_is_on_the_screen(
    fake: FakeGraph, person: FakePerson, hook: Hook
) -> None:
    fake.tells.receipts = False
    replies = [{"content_type": "text", "title": "បាទ", "payload": "a:0"}]
    await ask(fake, "messages", free(message={"text": "?", "quick_replies": replies}))
    await person.press("បាទ")
    assert hook.items[0]["message"]["quick_reply"] == {"payload": "a:0"}
    with pytest.raises(AssertionError, match="no button"):
        await person.press("ទេ")
    lasting = [{"type": "postback", "title": "ម៉ឺនុយ", "payload": "c:menu"}]
    payload = {"template_type": "button", "text": "?", "buttons": lasting}
    await ask(fake, "messages", free(message={"attachment": {"type": "template", "payload": payload}}))
    await ask(fake, "messages", free())
    with pytest.raises(AssertionError, match="no button"):
        await person.tap("a:0")  # quick replies vanish
    await person.tap("c:menu")
    assert hook.items[1]["postback"]["payload"] == "c:menu"
    await person.tap("a:0", late=True)  # pressed before it vanished
    assert hook.items[2]["message"]["quick_reply"] == {"payload": "a:0"}


async def test_a_deep_link_begins_a_thread_or_comes_into_one(fake: FakeGraph, hook: Hook) -> None:
    new = fake.person("7003")
    with pytest.raises(AssertionError, match="Get Started"):
        await new.start("fair7")
    await ask(fake, "messenger_profile", {"get_started": {"payload": "c:start"}})
    await new.start("fair7")
    await new.start("fair8")
    first, second = hook.items
    assert (first["postback"]["payload"], first["postback"]["referral"]["ref"]) == ("c:start", "fair7")
    assert second["referral"] == {"ref": "fair8", "source": "SHORTLINK", "type": "OPEN_THREAD"}


async def test_files_are_fetched_from_the_platform_or_from_a_trap(
    fake: FakeGraph, person: FakePerson, hook: Hook
) -> None:
    await person.voice(b"voice")
    await person.image(b"trap", foreign=True)
    await person.image(b"moved", moved=True)
    await person.sticker()
    links = [item["message"]["attachments"][0]["payload"]["url"] for item in hook.items]
    async with aiohttp.ClientSession() as session:
        got = [await (await session.get(link)).read() for link in links[:3]]
        fake.fault(edge="cdn", status=403)
        assert (await session.get(links[0])).status == 403
    assert got == [b"voice", b"trap", b"moved"]
    assert [link.startswith(fake.base) for link in links] == [True, False, True, True]
    assert [host.rpartition(":")[0] for host, _ in fake.downloads[:4]] == [
        "127.0.0.1",
        "127.0.0.2",
        "127.0.0.1",
        "127.0.0.2",
    ]
    assert hook.items[3]["message"]["attachments"][0]["type"] == "sticker"
