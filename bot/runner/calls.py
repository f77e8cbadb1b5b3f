"""Words of staff wait for a person's next message: meanwhile somebody calls them, by a time written down.

Never tells staff a word of it, and never makes a second task of a case that has one.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.core.message import Line
from bot.core.schedule import OFFICE, Hours, promised
from bot.core.window import way
from bot.runner import promises
from bot.runner.forms import load_part
from bot.runner.notice import Desk, say
from storage import agenda, case_rows, cases, chats, duty, grants, people, standing
from storage.agenda import AgendaRow
from storage.case_rows import CaseRow
from storage.duty import Member
from storage.outbox import Result
from storage.people import Person

CALL = "case.call"


def waits(conn: Connection, desk: Desk, person: Person, now: datetime) -> bool:
    """Tell whether words that staff type now will wait for the person's next message."""
    capabilities = desk.capabilities.get(person.account.partition(":")[0])
    if capabilities is None or capabilities.window is None:
        return False
    stands = standing.of(conn, person.address_id)
    may = grants.of(conn, person.account)
    return way("typed", "", stands, capabilities.window, may, now) == "held"


def unsaid(conn: Connection, desk: Desk, result: Result, now: datetime) -> None:
    """A part ended held: if a member of staff typed it, somebody calls."""
    if result.state == "held" and result.standing is not None and load_part(result.row.body).typed:
        ask(conn, desk, result.row.contact_id, chats.holder(conn, result.row.contact_id), now)


def ask(
    conn: Connection,
    desk: Desk,
    contact_id: int,
    staff_id: int | None,
    now: datetime,
    *,
    case: CaseRow | None = None,
) -> None:
    """Write the task on a case of the person (a new one when they have none), and tell who wrote to them.

    `staff_id`: theirs. `case`: on which they wrote.
    """
    chats.hold(conn, contact_id)
    case = case or _theirs(conn, contact_id) or _opened(conn, desk, contact_id, now)
    if case is None:
        return
    cases.lock(conn, case.id)
    case = case_rows.row_of(conn, case.id)
    if case is None or (case.call_by is not None and case.call_by > now):
        return
    by = promised(now, desk.within(case.centre), _hours(conn, desk, case))
    cases.set_call(conn, case.id, by)
    agenda.arm(conn, CALL, f"case:{case.id}", contact_id, by, now)
    line = Line("bot.reply-held", {"number": promises.name_of(case), "by": by})
    _tell(conn, desk, duty.member(conn, staff_id, now), case, line, now)


def over(conn: Connection, desk: Desk, contact_id: int, now: datetime) -> None:
    """The person wrote, and the words are on their way: nobody need call any more."""
    for case in case_rows.live_of(conn, contact_id):
        if case.call_by is not None:
            cases.set_call(conn, case.id, None)
            line = Line("bot.reply-went", {"number": promises.name_of(case)})
            for member in _waiting(conn, case, contact_id, now):
                _tell(conn, desk, member, case, line, now)


def call_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Nobody called in time: whoever has the case is told once; else the next on duty is alerted of it."""
    case_id = int(row.key.split(":")[1])
    chats.hold(conn, row.contact_id)
    cases.lock(conn, case_id)
    case = case_rows.row_of(conn, case_id)
    if case is None or case.call_by is None or case.call_by > now or case.state not in case_rows.LIVE:
        return
    cases.set_call(conn, case_id, None)
    taker = _taker(conn, case, now)
    if taker is None:
        promises.alert(conn, desk, case, now, again=True)
    else:
        line = Line("bot.call-due", {"number": promises.name_of(case)})
        _tell(conn, desk, taker, case, line, now)


def _theirs(conn: Connection, contact_id: int) -> CaseRow | None:
    """The case on which whoever has the chat works, else one of which any of their centre may know."""
    live = case_rows.live_of(conn, contact_id)
    who = people.contact_of(conn, contact_id)
    private = who is not None and who.private_chat
    known = [one for one in live if one.restricted == private]
    return next((one for one in known if one.state == "taken"), next(iter(known), None))


def _opened(conn: Connection, desk: Desk, contact_id: int, now: datetime) -> CaseRow | None:
    """A case of their centre, as the last one had it; somebody is alerted."""
    person = people.by_id(conn, desk.vault, contact_id)
    if person is None:
        return None
    centres = [one.centre for one in case_rows.of_person(conn, contact_id) if one.centre]
    centre = desk.library.live(conn).book.centres.get(centres[-1]) if centres else None
    where = centre.id if centre else None
    hours = centre.open_hours if centre else OFFICE
    by = promised(now, desk.within(where), hours)
    prefix = centre.prefix if centre else None
    case = cases.open_(conn, person, "person", None, where, prefix, False, by, now)  # noqa: FBT003 - a column
    promises.wait(conn, desk, case, now)
    return case


def _hours(conn: Connection, desk: Desk, case: CaseRow) -> Hours:
    centre = desk.library.live(conn).book.centres.get(case.centre or "")
    return centre.open_hours if centre else OFFICE


def _taker(conn: Connection, case: CaseRow, now: datetime) -> Member | None:
    return next((one for one in duty.members(conn, now) if one.name == case.taken_by), None)


def _waiting(conn: Connection, case: CaseRow, contact_id: int, now: datetime) -> list[Member]:
    """Who has the case, and who has the chat: it is they who wrote."""
    found = [_taker(conn, case, now), duty.member(conn, chats.holder(conn, contact_id), now)]
    return list({one.contact_id: one for one in found if one is not None}.values())


def _tell(
    conn: Connection, desk: Desk, member: Member | None, case: CaseRow, line: Line, now: datetime
) -> None:
    if member is not None and member.contact_id != case.contact_id:
        say(conn, desk, member.contact_id, (line,), now, restricted=case.restricted)
