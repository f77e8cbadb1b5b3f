"""A complaint goes past the centre; an anonymous one leads back to nobody, whatever is searched."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.core.contact import Address
from bot.core.events import Body, Command, Event, Media, Tap, Text
from bot.runner import complaints
from storage import case_rows, chats, conversation, duty, media, people, staff, submissions
from storage.schema import metadata
from storage.staff import Grant
from tests.runner.office import Office

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # 14:30 in Phnom Penh
WHO, OFFICER = "77", "501"
SECRET = "លោកសុខា បានសុំលុយពីខ្ញុំ"
VOICE = b"OggS" + bytes(300_000)


class Complaining:
    """Somebody who complains, an officer on duty."""

    def __init__(self, office: Office) -> None:
        self.office, self.count = office, 0
        office.clock.at = MONDAY

    async def happen(self, body: Body, who: str = WHO, upload: bytes | None = None) -> None:
        self.count += 1
        self.office.clock.wait(seconds=17)
        event = Event(f"c{self.count}", Address(self.office.stage.account, who), self.office.clock.at, body)
        await self.office.inbound.take_event(event, media=upload)

    async def press(self, key: str) -> None:
        """Tap the option of this key on the latest message with buttons."""
        shown = [
            one.payload for said in await self.office.outbox(WHO) for row in said.part.rows for one in row
        ]
        payload = next(one for one in reversed(shown) if one.rpartition(":")[2] == key)
        await self.happen(Tap(payload, "7", "q"))

    async def outbox(self) -> list[str]:
        return [one.part.text for one in await self.office.outbox(WHO)]

    async def complains(self, name: str, said: Body, upload: bytes | None = None) -> None:
        await self.happen(Command("complain"))
        await self.press("staff")
        await self.press(name)
        await self.happen(said, upload=upload)

    async def officer(self) -> None:
        database, vault, now = self.office.database, self.office.vault, self.office.clock.at
        await database.run(lambda conn: staff.add(conn, "sophea", [Grant("safeguarding")], now))
        await database.run(lambda conn: duty.set_code(conn, vault, "sophea", "ABCDEFGH23", now))
        await self.happen(Command("staff", "ABCDEFGH23"), OFFICER)

    async def case(self) -> case_rows.CaseRow:
        ((number,),) = await self.office.ask("SELECT id FROM casefile")
        found = await self.office.database.read(lambda conn: case_rows.row_of(conn, number))
        assert found is not None
        return found

    async def told(self, contact_id: int) -> dict[str, bytes]:
        def read(conn: Connection) -> dict[str, bytes]:
            key = people.key_of(conn, self.office.vault, contact_id)
            return {one.field: one.value for one in submissions.answers_of(conn, key, contact_id)}

        return await self.office.database.read(read)


@pytest.fixture
async def someone(office: Office) -> Complaining:
    complaining = Complaining(office)
    number = await office.greet(WHO)
    await office.database.run(lambda conn: people.set_language(conn, number, "km", office.clock.at))
    return complaining


async def test_an_anonymous_complaint_is_nobodys(someone: Complaining) -> None:
    await someone.officer()
    await someone.complains("anonymous", Text(SECRET, "m1"))
    case, writer = await someone.case(), await someone.office.contact(WHO)
    assert (case.kind, case.centre, case.restricted) == ("complaint", None, True)
    assert case.number == "SG-2026-00001"
    assert case.contact_id not in {None, writer}
    told = await someone.told(case.contact_id or 0)
    assert SECRET.encode() in told["complain_words"]
    assert await someone.told(writer or 0) == {}
    await _leads_to_nobody(someone, case.contact_id or 0, writer or 0)


async def _leads_to_nobody(someone: Complaining, holder: int, writer: int) -> None:
    """Nothing of the writer's names the complaint, and no row tells the minute at which it came."""
    office = someone.office
    office.serve()
    await office.until_states(["sent"] * len(await office.outbox(WHO)), WHO)
    office.clock.wait(hours=3)
    await office.agenda.tick(office.clock.at)
    person = await office.database.read(lambda conn: people.by_id(conn, office.vault, writer, lock=False))
    assert person is not None
    assert b"complain" not in person.session
    said = await office.ask("SELECT count(*) FROM inbox WHERE contact_id = 1 AND body IS NOT NULL")
    marks = await office.ask(
        "SELECT DISTINCT node_before, node_after, reason FROM inbox WHERE contact_id = 1"
    )
    bot = await office.ask(
        "SELECT count(*) FROM outbox WHERE contact_id = 1 AND body IS NOT NULL AND restricted"
    )
    assert (writer, said, bot, [row for row in marks if any("complain" in cell for cell in row)]) == (
        1,
        [(0,)],
        [(0,)],
        [],
    )
    assert await office.ask("SELECT count(*) FROM agenda WHERE contact_id = 1") == [(0,)]
    assert await office.ask("SELECT count(*) FROM audit WHERE what LIKE '%contact%'") == [(0,)]
    midnight = MONDAY.replace(hour=17, minute=0) - timedelta(days=1)
    times = await office.database.read(lambda conn: list(_times(conn, holder)))
    assert {at for at in times if at <= office.clock.at} == {midnight}


def _times(conn: Connection, holder: int) -> list[datetime]:
    """Every time in the rows of a complaint's holder, and of its case, but for those that are due later."""
    found = []
    for name in ("contact", "submission", "answer", "casefile", "agenda", "media"):
        table = metadata.tables[name]
        for row in conn.execute(table.select()).mappings():
            theirs = row.get("contact_id", row.get("id") if name == "contact" else None)
            if name == "answer" or theirs == holder:
                found += [cell for cell in row.values() if isinstance(cell, datetime)]
    return found


async def test_its_alert_comes_on_another_day_with_a_neutral_word(someone: Complaining) -> None:
    await someone.officer()
    await someone.complains("anonymous", Text(SECRET, "m1"))
    office = someone.office

    async def alerts() -> list[str]:
        return [one.part.text for one in await office.outbox(OFFICER) if one.part.rows]

    office.clock.wait(hours=9)
    await office.agenda.tick(office.clock.at)
    assert await alerts() == []
    office.clock.wait(hours=9)
    await office.agenda.tick(office.clock.at)
    (alert,) = await alerts()
    assert "SG-2026-00001" in alert
    assert "តវ៉ា" not in alert


@pytest.mark.parametrize("upload", [VOICE, None])
async def test_a_voice_note_is_kept_under_whose_complaint_it_is(
    someone: Complaining, upload: bytes | None
) -> None:
    office = someone.office
    office.stage.files["r1"] = VOICE
    await someone.complains("anonymous", Media("voice", "r1", "audio/ogg", len(VOICE), 4), upload)
    await office.agenda.tick(office.clock.at)
    await office.agenda.downloads.idle()
    case = await someone.case()
    ((number, owner, restricted),) = await office.ask("SELECT id, contact_id, restricted FROM media")
    assert (owner, bool(restricted)) == (case.contact_id, True)
    found = await office.database.read(lambda conn: media.read(conn, office.vault, number))
    assert found is not None
    assert (found[1] == VOICE, found[0].state) == (True, "kept")


async def test_a_step_that_fails_parks_no_word_of_a_complaint(
    someone: Complaining, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError(SECRET)

    with monkeypatch.context() as broken:
        broken.setattr(complaints, "take", crash)
        await someone.complains("anonymous", Text(SECRET, "m1"))
    parked = await someone.office.ask("SELECT length(body) FROM inbox WHERE state = 'parked' AND restricted")
    empty = len(someone.office.vault.new_key()[1].seal("x", "x", b""))
    assert parked == [(empty,)]


async def test_a_complaint_that_is_not_handed_in_is_forgotten(someone: Complaining) -> None:
    office = someone.office
    await someone.happen(Command("complain"))
    await someone.press("staff")
    await someone.press("anonymous")
    await someone.happen(Command("menu"))
    writer = await office.contact(WHO)
    person = await office.database.read(
        lambda conn: people.by_id(conn, office.vault, writer or 0, lock=False)
    )
    assert person is not None
    assert b"complain" not in person.session
    assert await office.many("casefile") == 0


async def test_a_complaint_that_rests_is_forgotten_without_a_reminder(someone: Complaining) -> None:
    office = someone.office
    await someone.happen(Command("complain"))
    await someone.press("staff")
    before = len(await office.outbox(WHO))
    office.clock.wait(days=1, hours=1)
    await office.agenda.tick(office.clock.at)
    assert len(await office.outbox(WHO)) == before
    writer = await office.contact(WHO)
    person = await office.database.read(
        lambda conn: people.by_id(conn, office.vault, writer or 0, lock=False)
    )
    assert person is not None
    assert b"complain" not in person.session


async def test_what_is_said_to_staff_is_heard_although_a_complaint_was_begun(someone: Complaining) -> None:
    office = someone.office
    await someone.happen(Command("complain"))
    writer, now = await office.contact(WHO), office.clock.at
    await office.database.run(lambda conn: staff.add(conn, "dara", [Grant("caseworker")], now))
    await office.database.run(lambda conn: chats.give(conn, writer or 0, 1, now))
    await someone.happen(Text("នៅទីនេះ", "m1"))
    kept = await office.ask("SELECT restricted, body IS NOT NULL FROM inbox ORDER BY id DESC LIMIT 1")
    assert [(bool(secret), bool(body)) for secret, body in kept] == [(False, True)]


async def test_a_named_complaint_is_the_persons_own_and_no_other_staff_sees_it(someone: Complaining) -> None:
    office = someone.office
    await someone.complains("named", Text(SECRET, "m1"))
    case, writer = await someone.case(), await office.contact(WHO)
    assert case.contact_id == writer
    assert SECRET.encode() in (await someone.told(writer or 0))["complain_words"]
    now = office.clock.at

    def sees(conn: Connection) -> dict[str, tuple[bool, bool]]:
        seen = {}
        for name, given in (
            ("chief", Grant("admin")),
            ("there", Grant("safeguarding", "pursat")),
            ("officer", Grant("safeguarding")),
        ):
            staff.add(conn, name, [given], now)
            scope = staff.scope(conn, name)
            assert scope is not None
            known = conversation.may_read_person(conn, scope, writer or 0)
            seen[name] = (known, not case_rows.hidden_answers(conn, scope, writer or 0))
        return seen

    assert await office.database.run(sees) == {
        "chief": (False, False),
        "there": (False, False),
        "officer": (True, True),
    }
    await someone.complains("named", Text(SECRET, "m2"))
    assert await office.ask("SELECT count(*) FROM casefile") == [(2,)]
    assert await office.ask("SELECT no FROM submission ORDER BY no") == [(1,), (2,)]


async def test_a_flood_of_complaints_is_one_alert_a_day_and_five_cases(someone: Complaining) -> None:
    await someone.officer()
    office = someone.office
    for at in range(6):
        await someone.complains("anonymous", Text(SECRET, f"m{at}"))
        enough = "ថ្ងៃនេះ យើងបានទទួលពីអ្នកប្រាំហើយ"
        assert any(enough in said for said in await someone.outbox()) == (at == 5)
    assert await office.ask("SELECT count(*) FROM casefile") == [(5,)]
    alerts: list[str] = []
    for _ in range(24):
        office.clock.wait(hours=1)
        await office.agenda.tick(office.clock.at)
        alerts = [one.part.text for one in await office.outbox(OFFICER) if one.part.rows]
    (alert,) = alerts
    assert "5" in alert.rpartition("\n")[2]
    await someone.complains("anonymous", Text(SECRET, "m9"))  # another day
    assert await office.ask("SELECT count(*) FROM casefile") == [(6,)]
