"""The call list of an activity: whom nothing has reached, who may be called, and nobody else."""

import orjson
import pytest
from sqlalchemy import Connection, Table, select

from bot.core.answers import Key, Phone, PlaceCode, Value, Words, dump
from storage import call_list, people, submissions
from storage.call_list import Callee
from storage.schema import answer, contact, submission
from tests.runner.office import WHO, Office
from tests.runner.planned import START, Planned

ELSE = "93007002"
TOLD: dict[str, Value] = {
    "phone": Phone("+85512345678"),
    "name": Words("សុភា"),
    "safe_time": Key("noon"),
    "home": PlaceCode("150101"),
    "phone_sharing": Key("shared-careful"),
}


@pytest.fixture
async def planned(office: Office) -> Planned:
    """Published; somebody comes who has told us where to call."""
    found = Planned(office)
    await found.publish()
    await found.fair.answers("come")
    await tells(found, WHO)
    return found


async def tells(
    planned: Planned, who: str, *, call: bool = True, no: int = 1, subject: str = "self", **answers: Value
) -> None:
    number, office = await planned.fair.someone(who), planned.office
    now = office.clock.at

    def work(conn: Connection) -> None:
        person = people.by_id(conn, office.vault, number)
        assert person is not None
        submissions.open_(conn, person, no, "intake", "r1", now)
        submissions.set_subject(conn, person, no, subject)
        for name, value in (TOLD | answers).items():
            form = orjson.dumps(dump(value))
            given = {"sensitivity": "S1", "coarse": None, "node": f"intake.{name}", "now": now}
            submissions.save_answer(conn, person, no, name, 0, form, **given)  # type: ignore[arg-type]
        if call:
            conn.execute(contact.update().where(contact.c.id == number).values(consents="call"))

    await office.database.run(work)


async def listed(planned: Planned) -> list[Callee]:
    held, vault = await planned.held(), planned.office.vault
    found = await planned.office.database.read(lambda conn: call_list.due(conn, vault, held))
    return list(found.callees)


async def ends(planned: Planned, state: str, like: str = "activity:%") -> None:
    """What waits or left becomes that."""
    sql = f"UPDATE outbox SET state = '{state}' WHERE cause LIKE '{like}'"  # noqa: S608 - of this test
    await planned.office.database.run(lambda conn: conn.exec_driver_sql(sql.replace("%", "%%")))


async def test_whom_the_reminder_did_not_reach_is_called(planned: Planned) -> None:
    assert await listed(planned) == []
    await planned.until("11-28 08:30")
    assert await listed(planned) == [], "it has arrived"
    await ends(planned, "failed")
    (callee,) = await listed(planned)
    assert (callee.name, callee.number, callee.hours) == ("សុភា", "+85512345678", "noon")
    assert (callee.place, callee.occasion) == ("150101", "reminder")


async def test_the_next_reminder_that_arrives_takes_them_off_the_list(planned: Planned) -> None:
    await planned.until("11-28 08:30")
    await ends(planned, "failed")
    await planned.until("12-04 18:00")
    assert await listed(planned) == []


@pytest.mark.parametrize("state", ["failed", "held", "expired", "unknown"])
async def test_whom_the_word_of_a_cancellation_missed_is_called(planned: Planned, state: str) -> None:
    await planned.knows()
    await planned.cancel()
    await planned.ticks()
    assert await listed(planned) == [], "it is on its way"
    await ends(planned, state, "%:r3:%")
    assert [one.occasion for one in await listed(planned)] == ["cancelled"]
    await planned.knows()
    assert await listed(planned) == [], "they have looked it up since"


async def test_who_can_not_be_written_to_is_called_of_a_change_at_once(planned: Planned) -> None:
    await planned.knows()
    await planned.flagged(WHO, "reachable", on=False)
    await planned.change(starts_at=START.replace(hour=3))
    await planned.ticks()
    assert [one.occasion for one in await listed(planned)] == ["changed"]


async def test_who_did_not_agree_to_calls_is_left_out(planned: Planned) -> None:
    await planned.fair.answers("come", who=ELSE)
    await tells(planned, ELSE, call=False)
    await planned.until("11-28 08:30")
    await ends(planned, "failed")
    assert [one.name for one in await listed(planned)] == ["សុភា"]
    assert len(await listed(planned)) == 1


async def test_for_whom_a_call_is_not_safe_is_left_out(planned: Planned) -> None:
    await planned.fair.answers("come", who=ELSE)
    await tells(planned, ELSE, phone_sharing=Key("not-safe"))
    await planned.until("11-28 08:30")
    await ends(planned, "failed")
    mine = await planned.fair.someone(WHO)
    assert [one.contact_id for one in await listed(planned)] == [mine]


@pytest.mark.parametrize("flag", ["stopped", "hidden", "resting"])
async def test_who_wants_to_hear_nothing_is_not_called_either(planned: Planned, flag: people.Flag) -> None:
    await planned.until("11-28 08:30")
    await ends(planned, "failed")
    await planned.flagged(WHO, flag)
    assert await listed(planned) == []


async def test_who_does_not_come_after_all_is_not_called(planned: Planned) -> None:
    await planned.until("11-28 08:30")
    await ends(planned, "failed")
    await planned.fair.answers("cannot")
    assert await listed(planned) == []


async def test_who_ever_said_that_a_call_is_not_safe_is_left_out_whatever_they_said_since(
    planned: Planned,
) -> None:
    await planned.fair.answers("come", who=ELSE)
    await tells(planned, ELSE, phone_sharing=Key("not-safe"))
    await tells(planned, ELSE, no=2, phone_sharing=Key("mine"))
    await planned.until("11-28 08:30")
    await ends(planned, "failed")
    assert [one.contact_id for one in await listed(planned)] == [await planned.fair.someone(WHO)]


async def test_not_safe_said_for_somebody_else_on_this_phone_counts_too(planned: Planned) -> None:
    await tells(planned, WHO, no=2, subject="family", phone_sharing=Key("not-safe"))
    await planned.until("11-28 08:30")
    await ends(planned, "failed")
    assert await listed(planned) == []


async def test_number_and_name_of_somebody_they_told_us_about_are_not_theirs(planned: Planned) -> None:
    await tells(planned, WHO, no=2, subject="family", phone=Phone("+85599000000"), name=Words("ចាន់"))
    await planned.until("11-28 08:30")
    await ends(planned, "failed")
    (callee,) = await listed(planned)
    assert (callee.name, callee.number) == ("សុភា", "+85512345678")


@pytest.mark.parametrize("table", [answer, contact])
async def test_whose_cells_are_damaged_is_counted_and_the_others_are_called(
    planned: Planned, table: Table
) -> None:
    await planned.fair.answers("come", who=ELSE)
    await tells(planned, ELSE)
    await planned.until("11-28 08:30")
    await ends(planned, "failed")
    mine, number = await planned.fair.someone(WHO), await planned.fair.someone(ELSE)
    runs = select(submission.c.id).where(submission.c.contact_id == number)
    which = contact.c.id == number if table is contact else answer.c.submission_id.in_(runs)
    cell = {"data_key" if table is contact else "value": bytes(64)}
    await planned.office.database.run(
        lambda conn: conn.execute(table.update().where(which).values(cell)) and None
    )
    held, vault = await planned.held(), planned.office.vault
    found = await planned.office.database.read(lambda conn: call_list.due(conn, vault, held))
    assert ([one.contact_id for one in found.callees], found.damaged) == ([mine], 1)


async def test_whom_an_offered_seat_did_not_reach_is_called_until_they_answer_anew(planned: Planned) -> None:
    await planned.change(capacity=1)
    await planned.fair.answers("cannot")
    await planned.fair.answers("come", who=ELSE)
    await planned.fair.answers("come")
    await planned.flagged(WHO, "reachable", on=False)
    await planned.fair.answers("cannot", who=ELSE)
    await planned.ticks()
    assert [(one.number, one.occasion) for one in await listed(planned)] == [("+85512345678", "seat")]
    await planned.fair.answers("come")
    assert await listed(planned) == []


async def test_whom_the_letter_of_a_seat_missed_on_its_way_is_called(planned: Planned) -> None:
    await planned.change(capacity=1)
    await planned.fair.answers("cannot")
    await planned.fair.answers("come", who=ELSE)
    await planned.fair.answers("come")
    await planned.fair.answers("cannot", who=ELSE)
    await planned.ticks()
    await ends(planned, "failed")
    assert [one.occasion for one in await listed(planned)] == ["seat"], "they may still take it"
    await ends(planned, "sent")
    assert await listed(planned) == []


async def test_where_discretion_is_wanted_the_list_says_so(planned: Planned) -> None:
    await planned.until("11-28 08:30")
    await ends(planned, "failed")
    assert [one.discreet for one in await listed(planned)] == [False]
    await planned.flagged(WHO, "careful")
    assert [one.discreet for one in await listed(planned)] == [True]
