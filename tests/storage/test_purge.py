"""Purging: each rule forgets what is due and leaves what is not; dry or wet, it counts the same."""

from types import MappingProxyType

from sqlalchemy import select, update

from bot.core.answers import Words
from bot.core.events import Text
from bot.core.session import Frame, Session, Submission
from storage import (
    cases,
    lookup,
    media,
    outbox,
    submissions,
)
from storage.outbox import Draft
from storage.people import Person
from storage.purge import Report
from storage.schema import casefile, contact_lookup, session
from storage.schema import inbox as came
from storage.schema import media as files
from storage.schema import outbox as went
from storage.schema import submission as runs
from storage.staff import Scope
from tests.storage.conftest import Greet, Open
from tests.storage.purging import DAY, HOUR, House, begun


def test_words_go_a_month_after_the_last_message(house: House, sophea: Person) -> None:
    house.agree(sophea, "help")
    house.say(sophea, house.now)
    house.say(sophea, house.now + 10 * DAY)
    assert house.purge(39 * DAY) == Report()
    assert house.purge(40 * DAY) == Report(words=4)
    assert house.bodies(sophea) == (0, 0)
    keys = house.database.read_now(
        lambda conn: conn.execute(select(came.c.key, came.c.message, came.c.release)).all()
    )
    assert [(len(row.key), row.message, row.release) for row in keys] == [(16, None, None)] * 2


def test_words_stay_while_somebody_works_for_the_person_and_a_month_longer(
    house: House, sophea: Person, opened: Open, dara: Scope
) -> None:
    house.agree(sophea, "help")
    house.say(sophea, house.now)
    case = opened(sophea)
    assert house.purge(300 * DAY) == Report()
    house.do(cases.close, dara, case.id, "answered", house.now + 100 * DAY)
    assert house.purge(129 * DAY) == Report()
    house.say(sophea, house.now + 120 * DAY)
    assert house.purge(130 * DAY) == Report(words=2)
    assert house.bodies(sophea) == (1, 1)
    assert house.purge(150 * DAY) == Report(words=2)


def test_what_waits_to_be_sent_for_so_long_has_expired(house: House, sophea: Person) -> None:
    house.agree(sophea, "help")
    drafts = [Draft("soon", 0, b"{}"), Draft("later", 2, b"{}", not_before=house.now + 60 * DAY)]
    house.do(outbox.add, sophea, drafts, first_seq=1, now=house.now)
    house.do(lambda conn: conn.execute(update(session).values(seen_at=house.now)))
    assert house.purge(31 * DAY) == Report(words=1)
    states = house.database.read_now(
        lambda conn: conn.execute(select(went.c.state, went.c.body.is_(None)).order_by(went.c.id)).all()
    )
    assert [tuple(row) for row in states] == [("expired", True), ("queued", False)]


def test_who_never_agreed_leaves_nothing_after_a_day(house: House, sophea: Person) -> None:
    house.say(sophea, house.now)
    begun(house, sophea)
    house.do(lookup.index, house.vault, sophea.contact.id, "name", ["sophea"])
    house.do(media.want, sophea, ref="r", kind="voice", mime="audio/ogg", size=1, now=house.now)
    frame = Frame("r1", "intake", "name", submission=1, asked=True)
    told = Submission(1, "intake", opened=True, answers=MappingProxyType({("name", 0): Words("Sophea")}))
    frames = (Frame("r1", "menu", "menu"), frame)
    house.stand(sophea, Session(frames, submissions=(told,), turn=7, held=Text("secret")))
    house.do(lambda conn: conn.execute(update(session).values(seen_at=house.now)))
    assert house.purge(23 * HOUR) == Report()
    assert house.purge(DAY) == Report(unconsented_words=2, files=1, unfinished=1)
    assert (house.rows(runs), house.rows(files), house.rows(contact_lookup)) == (0, 0, 0)
    place = house.place(sophea)
    assert place == Session((Frame("r1", "menu", "menu"),), turn=8)
    message = house.database.read_now(lambda conn: conn.scalar(select(came.c.message)))
    assert message is not None, "hide can still delete it on the platform"


def test_ids_of_messages_without_words_go_when_hide_can_delete_them_no_more(
    house: House, sophea: Person
) -> None:
    house.agree(sophea, "help")
    told = (("8", house.now - HOUR), ("9", house.now))
    house.stand(sophea, Session((Frame("r1", "menu", "menu"),), unkept=told, turn=7))
    house.do(lambda conn: conn.execute(update(session).values(seen_at=house.now)))
    house.purge(47 * HOUR)
    assert house.place(sophea).unkept == told
    house.purge(48 * HOUR)
    assert house.place(sophea) == Session((Frame("r1", "menu", "menu"),), turn=7)


def test_an_unfinished_run_goes_after_a_month_and_what_stands_on_it_too(house: House, sophea: Person) -> None:
    house.agree(sophea, "help")
    begun(house, sophea)
    house.do(submissions.close, sophea, 1, house.now)
    begun(house, sophea, 2)
    frame = Frame("r1", "intake", "name", submission=2, asked=True)
    told = tuple(Submission(no, "intake", opened=True) for no in (1, 2))
    house.stand(sophea, Session((frame,), (frame,), told, turn=3, wake_at=house.now + 90 * DAY))
    assert house.purge(29 * DAY) == Report()
    assert house.purge(30 * DAY) == Report(unfinished=1)
    place = house.place(sophea)
    assert (place.frames, place.suspended, [one.no for one in place.submissions]) == ((), (), [1])
    assert house.database.read_now(lambda conn: conn.scalar(select(session.c.wake_at))) is None


def test_an_unfinished_run_of_an_open_case_stays(house: House, sophea: Person, opened: Open) -> None:
    house.agree(sophea, "help")
    begun(house, sophea)
    opened(sophea, "person", 1)
    assert house.purge(200 * DAY) == Report()


def test_a_case_that_silence_opened_goes_with_its_run_and_keeps_no_words(
    house: House, sophea: Person, opened: Open
) -> None:
    house.agree(sophea, "help")
    house.say(sophea, house.now)
    begun(house, sophea)
    opened(sophea, "unfinished", 1)
    assert house.purge(29 * DAY) == Report()
    assert house.purge(30 * DAY) == Report(unfinished=1, words=2)
    kept = house.database.read_now(lambda conn: conn.execute(select(casefile)).one())
    assert (kept.state, kept.outcome, kept.coarse, kept.contact_id) == (
        "closed", "unfinished", '{"name": "c"}', None,
    )  # fmt: skip


def test_a_case_that_silence_opened_stays_while_somebody_works_on_it(
    house: House, sophea: Person, opened: Open, dara: Scope
) -> None:
    house.agree(sophea, "help")
    house.say(sophea, house.now)
    begun(house, sophea)
    case = opened(sophea, "unfinished", 1)
    house.do(cases.take, dara, case.id, house.now)
    assert house.purge(200 * DAY) == Report()


def test_a_fault_of_ours_keeps_no_words_and_takes_nothing_from_a_promise(
    house: House, greet: Greet, opened: Open
) -> None:
    never_agreed, waits = greet("1"), greet("2")
    for one in (never_agreed, waits):
        house.say(one, house.now)
    opened(never_agreed, "failure")
    assert opened(waits).id == opened(waits, "failure").id
    assert house.purge(DAY) == Report(unconsented_words=2)
    assert house.purge(200 * DAY).words == 1, "the id of what was said goes after a month"
    assert house.bodies(waits) == (1, 1)
