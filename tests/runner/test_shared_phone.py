"""Several people at one address: each has a conversation of their own, and none hears another's."""

from typing import Any

import orjson
import pytest
from sqlalchemy import Connection

from bot.core import session as sessions
from bot.core.channel import Rendered
from bot.runner import notice
from storage import people
from storage.outbox import Lane
from tests.runner.office import WHO, Office, words_of

COUNTS = "SELECT contact_id, count(*) FROM outbox GROUP BY contact_id ORDER BY contact_id"
SECRET = "ប្រាក់ខែ ៧៧៧៧ បាត"


async def press(office: Office, *keys: str, name: str = "") -> None:
    """Press the buttons with these keys, each of the latest part that has it."""
    for key in keys:
        rows = await office.outbox()
        shown = [button.payload for one in rows for row in one.part.rows for button in row]
        payload = next(one for one in reversed(shown) if one.endswith(f":{key}"))
        await office.happen("Tap", payload=payload, message="7", query="q", name=name)


async def settled(office: Office) -> None:
    """Nothing waits, where anything is sent: the gate would keep it back."""
    if office.tasks:
        await office.until_states(["sent"] * len(await office.outbox()))


async def to_someone_else(office: Office) -> int:
    """Hours later somebody else has the phone; the number of the first person."""
    first = await office.contact()
    assert first is not None
    await settled(office)
    office.clock.wait(hours=9)
    await office.happen("Start")
    await settled(office)
    await press(office, "new")
    return first


async def session_of(office: Office, contact_id: int) -> sessions.Session:
    def work(conn: Connection) -> bytes:
        person = people.by_id(conn, office.vault, contact_id, lock=False)
        assert person is not None
        return person.session

    return sessions.load(orjson.loads(await office.database.read(work)))


async def test_someone_else_begins_anew_and_the_first_keeps_everything(office: Office) -> None:
    await office.begin()
    before = await office.ask("SELECT count(*) FROM answer")
    first = await to_someone_else(office)
    second = await office.contact()
    assert second != first
    assert await office.said("language.choose") == 1
    assert await office.ask("SELECT count(*) FROM answer") == before
    assert await office.ask("SELECT count(*) FROM submission") == [(1,)]
    assert (await session_of(office, first)).locked


async def test_whoever_takes_over_goes_on_above_every_number(office: Office) -> None:
    await office.begin()
    numbers = [one.seq for one in await office.outbox()]
    await to_someone_else(office)
    assert min(one.seq for one in await office.outbox()) > max(numbers)


async def test_a_redelivered_hand_over_changes_nothing(office: Office) -> None:
    await office.begin()
    office.clock.wait(hours=9)
    await office.happen("Start")
    await press(office, "new", name="tap-1")
    await office.happen("Tap", payload="1:new", message="7", query="q", name="tap-1")
    assert await office.many("contact") == 2
    assert await office.many("contact_address") == 2
    assert await office.said("language.choose") == 1


async def test_the_first_returns_by_their_nickname_and_goes_on(office: Office) -> None:
    await office.begin()
    waiting = await office.outbox()
    first = await to_someone_else(office)
    await press(office, "km")
    office.clock.wait(hours=9)
    await office.type("someone else uses this phone")
    await press(office, f"p{first}")
    assert await office.contact() == first
    assert not (await session_of(office, first)).locked
    assert (await office.outbox())[-1].part.text.endswith(waiting[-1].part.text.rpartition("\n")[2])


async def test_with_a_code_the_first_is_asked_for_it_and_nothing_is_shown_before(office: Office) -> None:
    await office.begin()
    question = (await office.outbox())[-1].part.text
    await office.type("password")
    await press(office, "set", *"1185", *"1185")
    first = await to_someone_else(office)
    await office.type("someone else uses this phone")
    await press(office, f"p{first}")
    assert await office.contact() == first
    assert (await session_of(office, first)).locked
    count = len(await office.outbox())
    await press(office, *"118")
    assert all(question not in one.part.text for one in (await office.outbox())[count:])
    await press(office, "5")
    assert not (await session_of(office, first)).locked
    assert question.rpartition("\n")[2] in (await office.outbox())[-1].part.text


async def test_a_reply_of_staff_waits_for_the_first_and_is_never_shown_to_the_second(office: Office) -> None:
    office.serve()
    await office.begin()
    first = await to_someone_else(office)
    await office.queue(first, SECRET, lane=Lane.STAFF)
    await press(office, "km")
    assert await office.ask("SELECT count(*) FROM outbox WHERE state = 'held'") == [(1,)]
    assert SECRET not in words_of(office.stage)
    await office.type("someone else uses this phone")
    await press(office, f"p{first}")
    assert await office.ask("SELECT count(*) FROM outbox WHERE state = 'held'") == [(0,)]
    texts = [one.part.text for one in await office.outbox()]
    assert texts.index(SECRET) < len(texts) - 1
    await office.until_states(["sent"] * len(texts))
    assert words_of(office.stage).count(SECRET) == 1


async def test_what_still_waits_is_kept_back_when_the_gate_shuts(office: Office) -> None:
    await office.begin()
    first = await office.contact()
    await office.queue(first, SECRET)
    office.clock.wait(hours=9)
    await office.happen("Start")
    states = {one.part.text: one.state for one in await office.outbox()}
    assert states[SECRET] == "held"
    await press(office, "me")
    states = {one.part.text: one.state for one in await office.outbox()}
    assert states[SECRET] == "queued"


async def test_what_was_said_at_the_gate_belongs_to_who_said_it(office: Office) -> None:
    await office.begin()
    first = await office.contact()
    office.clock.wait(hours=9)
    await office.type("ខ្ញុំចង់ដឹងរឿងការងារ")
    await press(office, "new")
    second = await office.contact()
    kept = await office.ask("SELECT contact_id FROM inbox WHERE body IS NOT NULL ORDER BY id")
    assert kept[-1] == (second,)
    assert (await session_of(office, first)).held is None


async def test_words_at_the_gate_answer_once_we_know(office: Office) -> None:
    await office.begin()
    first = await office.contact()
    before = (await session_of(office, first)).frames[-1].node
    office.clock.wait(hours=9)
    await office.type("១")
    await press(office, "me")
    after = await session_of(office, first)
    assert (after.locked, after.held) == (False, None)
    assert after.frames[-1].node != before
    rows = await office.ask("SELECT state, body IS NULL FROM inbox ORDER BY id")
    assert [bool(empty) for _, empty in rows[-3:]] == [True, True, False]


async def test_a_file_sent_at_the_gate_is_kept_for_the_answer(office: Office) -> None:
    await office.begin()
    office.clock.wait(hours=9)
    await office.happen("Media", kind="voice", ref="v-1", mime="audio/ogg", size=3, upload=b"ogg")
    assert await office.ask("SELECT state FROM media") == [("held",)]
    await press(office, "me")
    assert await office.ask("SELECT state FROM media") == [("kept",)]
    assert await office.many("media_chunk") == 1


async def test_old_buttons_of_the_one_never_answer_for_the_other(office: Office) -> None:
    await office.begin()
    theirs = [button.payload for one in await office.outbox() for row in one.part.rows for button in row]
    await to_someone_else(office)
    second = await office.contact()
    before = await session_of(office, second)
    for payload in dict.fromkeys(one for one in theirs if not one.endswith("hide")):
        office.clock.wait(minutes=2)
        await office.happen("Tap", payload=payload, message="7", query="q")
    after = await session_of(office, second)
    assert after.submissions == before.submissions
    assert after.frames == before.frames
    chosen = await office.ask("SELECT language_chosen FROM contact ORDER BY id")
    assert [bool(row[0]) for row in chosen] == [True, False]


async def test_who_is_absent_is_never_reminded_but_somebody_looks(office: Office) -> None:
    await office.begin()
    first = await to_someone_else(office)
    said = await office.ask(COUNTS)
    office.clock.wait(hours=15)  # noon: nothing is sent at night
    for _ in range(3):
        office.clock.wait(days=7)
        await office.agenda.tick(office.clock.at)
    after = await office.ask(COUNTS)
    assert after[0] == said[0]
    assert await office.ask("SELECT kind, contact_id FROM casefile") == [("unfinished", first)]


async def test_erasing_one_leaves_the_other_and_the_address(office: Office) -> None:
    await office.begin()
    first = await to_someone_else(office)
    second = await office.contact()
    await office.database.run(lambda conn: people.set_erasing(conn, second, office.clock.at))
    office.clock.wait(minutes=5)
    await office.agenda.tick(office.clock.at)
    assert await office.ask("SELECT id FROM contact") == [(first,)]
    assert await office.many("address") == 1
    await office.happen("Start")
    assert await office.contact() == first
    assert (await session_of(office, first)).frames[-1].dialog == "who"


async def test_the_second_is_told_nothing_of_the_first(office: Office) -> None:
    """Everything that the second person is sent, byte by byte, against what is the first one's alone."""
    await office.begin()
    first = await office.contact()
    planted = ("ឈ្មោះសម្ងាត់", "៧៧៧៧", "012777888")

    def plant(conn: Connection) -> None:
        person = people.by_id(conn, office.vault, first)
        assert person is not None
        words, desk = Rendered(" ".join(planted)), notice.desk_of(office.kit)
        notice.tell(conn, desk, person, words, office.clock.at, restricted=False)

    await office.database.run(plant)
    await to_someone_else(office)
    await press(office, "km")
    await office.type("menu")
    await office.type("ទិន្នន័យ")
    for one in await office.outbox():
        assert not any(word in one.part.text for word in planted)


async def test_two_on_the_page_see_only_their_own(office: Office) -> None:
    await office.begin()
    first_page = await office.chats.history(office.stage.account, WHO, 50)
    assert first_page.lines
    await to_someone_else(office)
    batch = await office.chats.history(office.stage.account, WHO, 50)
    assert batch.since > max(line.seq for line in first_page.lines)
    shown = [line.part.text for line in batch.lines if line.part]
    assert shown == [one.part.text for one in await office.outbox()]
    everything = await office.chats.pull(office.stage.account, WHO, 0)
    assert [line.seq for line in everything.lines] == [one.seq for one in await office.outbox()]


async def test_a_page_reloaded_after_hours_shows_nothing_before_its_start_is_taken(office: Office) -> None:
    await office.begin()
    count = len(await office.outbox())
    office.clock.wait(hours=9)
    assert (await office.chats.history(office.stage.account, WHO, 50)).lines == ()
    assert (await office.chats.pull(office.stage.account, WHO, 0)).lines == ()
    await office.happen("Start")
    shown = (await office.chats.pull(office.stage.account, WHO, 0)).lines
    assert [line.seq for line in shown] == [count + 1]


@pytest.mark.parametrize("reopened", [False, True])
async def test_who_told_nothing_sees_their_chat_again(office: Office, *, reopened: bool) -> None:
    await office.happen("Start")
    office.clock.wait(hours=9 if reopened else 1)
    await office.happen("Start")
    assert (await office.chats.pull(office.stage.account, WHO, 0)).lines[0].seq == 1


async def test_a_hand_over_that_breaks_in_the_middle_leaves_everything_as_it_was(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.begin()
    first = await office.contact()
    office.clock.wait(hours=9)
    await office.happen("Start")
    greet = people.greet

    def broken(*given: Any) -> object:  # noqa: ANN401 - whatever it is given
        greet(*given)
        raise ValueError("in the middle")

    monkeypatch.setattr(people, "greet", broken)
    await press(office, "new")
    assert await office.many("contact") == 1
    assert await office.contact() == first
    assert await office.said("bot.sorry-broken") == 1
    monkeypatch.undo()
    await press(office, "new")
    assert await office.contact() != first
