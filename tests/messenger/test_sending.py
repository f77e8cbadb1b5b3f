"""What a part becomes at the platform; the fake refuses everything over a limit and remembers it."""

from datetime import timedelta

import pytest

from bot.channels.channel import (
    Refused,
    Retry,
    Sent,
    Shut,
    TapGesture,
    TypingGesture,
    Uncertain,
    Unheld,
    Uploaded,
)
from bot.channels.messenger.channel import MessengerChannel
from bot.core.channel import Document, Part, PartButton, PartCard, Template
from bot.core.window import Way
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson

OGG = b"OggS" + bytes(40)
VOICE = Document(0, "intake.ogg", "audio/ogg", "r1", "voices/intake.ogg", "c1")
PAPER = Document(5, "ចម្លើយ.json", "application/json")
REMINDER = Template("fair_reminder_v1", "en", (("event", "Job fair"), ("date", "5 December")))
FILLED = "Reminder: Job fair is on 5 December. You registered for this event."


@pytest.fixture(autouse=True)
def within_the_rules(fake: FakeGraph) -> object:
    yield
    fake.assert_clean()


def rows(count: int, label: str = "ជម្រើស") -> tuple[tuple[PartButton, ...], ...]:
    return tuple((PartButton(f"{label} {nth}", f"7:{nth}"),) for nth in range(count))


async def test_words_arrive_with_our_name_on_them(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    outcome = await channel.send("7001", Part("សួស្តី"), name="o12")
    (got,) = person.messages
    assert outcome == Sent(got.mid)
    assert (got.text, got.way, got.metadata) == ("សួស្តី", "free", "spean:o12")
    (call,) = fake.calls
    assert call.token_in == "header"
    assert fake.sent()[0]["messaging_type"] == "RESPONSE"


async def test_thirteen_quick_replies_and_words_of_1999(
    channel: MessengerChannel, person: FakePerson
) -> None:
    await channel.send("7001", Part("ក" * 1999, rows(13), quick=True))
    got = person.last
    assert len(got.text) == 1999
    assert [(one.payload, one.stays) for one in got.choices] == [(f"7:{nth}", False) for nth in range(13)]


async def test_the_platforms_own_button_for_a_phone_number(
    channel: MessengerChannel, person: FakePerson
) -> None:
    ask = Part("លេខទូរស័ព្ទ?", rows(2), quick=True, request="contact", request_label="ផ្ញើលេខ")
    await channel.send("7001", ask)
    assert [one.kind for one in person.last.choices] == ["user_phone_number", "text", "text"]


async def test_buttons_that_stay_with_quick_replies_beside_them(
    channel: MessengerChannel, person: FakePerson
) -> None:
    await channel.send("7001", Part("ក" * 640, rows(5), quick=True, staying=3))
    assert [one.stays for one in person.last.choices] == [True] * 3 + [False] * 2
    assert person.last.form["attachment"]["payload"]["template_type"] == "button"


async def test_a_carousel_of_ten_cards(channel: MessengerChannel, person: FakePerson) -> None:
    see = (PartButton("មើល", "8:1"),)
    cards = tuple(PartCard(f"ពិព័រណ៍ {nth}", "ភ្នំពេញ" if nth else "", see) for nth in range(10))
    await channel.send("7001", Part("", rows(1), quick=True, cards=cards))
    payload = person.last.form["attachment"]["payload"]
    assert payload["template_type"] == "generic"
    assert [one["title"] for one in payload["elements"]] == [card.title for card in cards]
    assert person.last.choices[-1].payload == "7:0"


async def test_a_recording_is_uploaded_once_and_then_known_by_its_id(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    first = await channel.send("7001", Part("", document=VOICE), OGG, name="o1")
    assert isinstance(first, Sent)
    assert first.file in fake.world.uploads
    again = await channel.send("7001", Part("", document=VOICE), Uploaded(first.file), name="o2")
    assert again == Sent(person.last.mid)
    assert [got.file for got in person.messages] == [OGG, OGG]
    assert [call.edge for call in fake.calls] == ["message_attachments", "messages", "messages"]


async def test_an_upload_that_is_gone_is_told_and_nothing_was_sent(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    first = await channel.send("7001", Part("", document=VOICE), OGG)
    assert isinstance(first, Sent)
    fake.later(timedelta(days=90))  # an attachment's life (§3.2)
    person.met()
    part = Part("ស្តាប់", document=VOICE)
    assert await channel.send("7001", part, Uploaded(first.file)) == Unheld()
    assert await channel.send("7001", part, Uploaded("of another page")) == Unheld()
    assert len(person.messages) == 1


async def test_a_file_goes_ahead_of_its_words_and_only_they_settle_it(
    channel: MessengerChannel, person: FakePerson
) -> None:
    outcome = await channel.send("7001", Part("នេះជាចម្លើយ", rows(1), document=PAPER), b"{}", name="o3")
    file, words = person.messages
    assert isinstance(outcome, Sent)
    assert outcome.message == f"{file.mid} {words.mid}"
    assert (file.file, file.choices, file.metadata) == (b"{}", (), "spean+o3")
    assert (words.text, words.buttons, words.metadata) == ("នេះជាចម្លើយ", ["ជម្រើស 0"], "spean:o3")


@pytest.mark.parametrize(("status", "code", "subcode"), [(500, 2, None), (400, 4, None), (403, 10, 2018278)])
async def test_a_file_is_not_sent_again_for_the_words_behind_it(  # noqa: PLR0917 - the row and its stage
    fake: FakeGraph,
    channel: MessengerChannel,
    person: FakePerson,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    code: int,
    subcode: int | None,
) -> None:
    post, posts = channel.graph.post, []

    async def second_fails(*given: object) -> object:
        posts.append(given)
        if len(posts) == 2:
            fake.fault(status=status, code=code, subcode=subcode)
        return await post(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(channel.graph, "post", second_fails)
    outcome = await channel.send("7001", Part("នេះជាចម្លើយ", document=PAPER), b"{}", name="o3")
    assert isinstance(outcome, Uncertain)
    assert [got.file for got in person.messages] == [b"{}"]


@pytest.mark.parametrize("code", [10, 200])
@pytest.mark.parametrize("way", ["free", "template", "human"])
async def test_a_permission_for_a_way_that_is_missing_bars_that_way_only(
    fake: FakeGraph, channel: MessengerChannel, code: int, way: Way
) -> None:
    fake.fault(status=403, code=code)
    outcome = await channel.send("7001", Part("x", typed=True, template=REMINDER), way=way)
    account = Refused(f"no-permission {code}", stop="account")
    assert outcome == (account if way == "free" else Shut(barred=True))


async def test_a_lost_answer_to_an_upload_is_surely_nothing_sent(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    fake.fault("cut", edge="message_attachments")
    assert await channel.send("7001", Part("x", document=VOICE), OGG) == Retry("upload-lost")
    assert person.messages == []


async def test_a_document_whose_bytes_are_gone_is_refused_at_home(
    fake: FakeGraph, channel: MessengerChannel
) -> None:
    assert await channel.send("7001", Part("x", document=PAPER)) == Refused("document-missing")
    assert fake.calls == []


async def approve(fake: FakeGraph, channel: MessengerChannel) -> None:
    fake.grant(utility=True)
    text = "Reminder: {{event}} is on {{date}}. You registered for this event."
    named = [{"param_name": "event", "example": "x"}, {"param_name": "date", "example": "y"}]
    body = {"type": "BODY", "text": text, "example": {"body_text_named_params": named}}
    form = {"name": REMINDER.name, "language": "en", "category": "UTILITY", "parameter_format": "NAMED"}
    await channel.graph.post(f"{fake.page_id}/message_templates", {**form, "components": [body]})


async def test_outside_the_window_approved_words_leave_alone(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    await approve(fake, channel)
    person.wait(timedelta(days=9))
    part = Part("រំលឹក", rows(2), quick=True, template=REMINDER)
    assert await channel.send("7001", part, name="o4") == Shut()
    assert await channel.send("7001", part, name="o4", way="template") == Sent(person.last.mid)
    got = person.last
    assert (got.text, got.way, got.buttons, got.metadata) == (FILLED, "template", [], "spean:o4")
    assert fake.sent()[-1]["messaging_type"] == "UTILITY"
    assert await channel.send("7001", Part("x"), way="template") == Refused("template-missing")


async def test_words_of_staff_leave_by_the_human_agents_way(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    fake.grant(human_agent=True)
    person.wait(timedelta(days=6))
    await channel.send("7001", Part("ខ្ញុំនឹងទូរស័ព្ទ", typed=True), way="human")
    (sent,) = fake.sent()
    assert (sent["messaging_type"], sent["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    assert person.last.way == "human"


@pytest.mark.parametrize("way", ["free", "template", "human", "held"])
@pytest.mark.parametrize("address", ["", "abc", "៧០០១", "7" * 33, "7001/../me"])
async def test_an_address_that_is_none_is_never_asked_for(
    fake: FakeGraph, channel: MessengerChannel, address: str, way: Way
) -> None:
    outcome = await channel.send(address, Part("x", template=REMINDER), way=way)
    assert outcome == Refused("bad-recipient", stop="person")
    assert fake.calls == []


async def test_held_words_do_not_leave(fake: FakeGraph, channel: MessengerChannel) -> None:
    assert await channel.send("7001", Part("x"), way="held") == Shut()
    assert fake.calls == []


async def test_the_person_sees_that_we_write_and_taps_need_no_answer(
    fake: FakeGraph, channel: MessengerChannel, person: FakePerson
) -> None:
    await channel.gesture(TypingGesture("7001"))
    await channel.gesture(TapGesture("7001", "", "m_1", "បាទ"))
    await channel.gesture(TypingGesture("nobody"))
    assert person.thread.actions == ["typing_on"]
    fake.fault(status=500)
    await channel.gesture(TypingGesture("7001"))  # best effort
    assert person.thread.actions == ["typing_on"]


async def test_nothing_can_be_deleted_and_nothing_is_asked(
    fake: FakeGraph, channel: MessengerChannel
) -> None:
    assert await channel.delete("7001", ["m_1", "m_2"]) == Sent("")
    assert fake.calls == []
