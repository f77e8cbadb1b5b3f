"""A case waits: whoever is on duty is alerted, and the agenda keeps what its person was promised.

Never tells staff a word of the person, nor the person anything that is not so.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core import asking
from bot.core import effects as fx
from bot.core.book import Centre
from bot.core.message import Line
from bot.core.schedule import OFFICE, PHNOM_PENH, Hours, promised
from bot.runner import danger
from bot.runner.notice import Desk, desk_of, say
from bot.runner.step import Step, voice
from storage import agenda, alerts, case_rows, cases, chats, duty, people
from storage.agenda import AgendaRow
from storage.case_rows import CaseRow
from storage.duty import Member

ANSWER, ALERT, SILENCE = "case.answer", "case.alert", "chat.silence"
SILENT_FOR = timedelta(hours=24)  # then the bot answers again, so that nobody writes to an empty chair
WAITED_FOR = frozenset({"intake", "person", "need", "danger", "complaint"})
# Whoever is in danger cannot wait for an office: half an hour is what a person on call needs to see a phone.
DANGER_AGAIN = timedelta(minutes=30)
ROUND = timedelta(
    minutes=10
)  # nobody is alerted more often of one person in danger, however often they write
CHOOSING = timedelta(minutes=10)  # for the person to choose a centre, before any of them is alerted
DANGER_ROUNDS = 4  # then at every opening: an alert all night long is switched off by those who get it
TAKE = "s:take:"  # what the payload of an alert's button begins with


def open_case(step: Step, opened: fx.CaseOpened) -> None:
    """Open (or take up) the case; its number and date become facts for what is said next."""
    centre = step.live.book.centres.get(opened.centre) if opened.centre else None
    hours = centre.open_hours if centre else OFFICE
    desk = desk_of(step.kit)
    before = {one.id: one for one in case_rows.live_of(step.conn, step.contact.id)}
    row = cases.open_(
        step.conn,
        step.person,
        opened.kind,
        opened.submission,
        centre.id if centre else None,
        centre.prefix if centre else None,
        opened.restricted,
        promised(step.now, desk.within(centre.id if centre else None), hours),
        step.now,
        opened.urgent,
    )
    if row.kind == "danger":
        danger.rest(step)
    row = _looked_after(step.conn, desk, row, before.get(row.id), step.now)
    step.facts["case.number"] = row.number or voice(step, None).say(Line("bot.number-later"))
    step.facts["case.answer_by"] = row.answer_by or step.now
    step.facts["case.opens"] = hours.next_opening(step.now)


def _looked_after(
    conn: Connection, desk: Desk, case: CaseRow, before: CaseRow | None, now: datetime
) -> CaseRow:
    """See to it that somebody comes: who has the chat, or whoever is alerted at the latest when promised."""
    if case.state == "taken" and chats.holder(conn, case.contact_id or 0) is None:
        cases.left_by(conn, None, now, case.contact_id)
        case = case_rows.row_of(conn, case.id) or case
    taken = case.state == "taken"
    if taken and agenda.armed(conn, SILENCE, f"contact:{case.contact_id}") is None:
        arm_silence(conn, case.contact_id, now)
    was = None if before is None else (_standing(before), before.state, before.eased_at, before.answer_by)
    news = was != (_standing(case), case.state, case.eased_at, case.answer_by)
    kept = agenda.armed(conn, ANSWER, f"case:{case.id}") is not None
    if case.kind == "danger" or not (taken or (kept and not news)):
        wait(conn, desk, case, now, again=news or taken)
    return case


def wait(conn: Connection, desk: Desk, case: CaseRow, now: datetime, *, again: bool = False) -> None:
    """Let a case that nobody has taken wait: its promise stands in the agenda, somebody is alerted.

    `again`: it is new, or more than it was, so that whoever knows it is told where nobody else is there.

    Danger wakes people up. A complaint's alert comes on another day, for its hour could betray who wrote.
    """
    if case.kind not in WAITED_FOR:
        return
    hours = _hours(conn, desk, case)
    if case.kind == "danger":
        _wake(conn, desk, case, now, again=again)
        return
    kept = case.answer_by is not None and case.answer_by > now
    by = case.answer_by if kept else promised(now, desk.within(case.centre), hours)
    _arm(conn, ANSWER, case, by or now, now)
    if case.kind == "complaint":
        _arm(conn, ALERT, case, hours.next_opening(end_of_day(now)), now)
    elif hours.open(now) and case.centre is not None:
        alert(conn, desk, case, now, again=again)
    else:
        chosen = now + CHOOSING if case.centre is None else now
        _arm(conn, ALERT, case, chosen if hours.open(chosen) else hours.next_opening(chosen), now)


def _wake(conn: Connection, desk: Desk, case: CaseRow, now: datetime, *, again: bool) -> None:
    """Alert all who may see danger, or, if they were alerted a moment ago of the same person, soon again."""
    due = agenda.armed(conn, ANSWER, f"case:{case.id}")
    told = alert(conn, desk, case, now)
    if told or due is None:
        _arm(conn, ANSWER, case, now + DANGER_AGAIN, now)
    elif again and agenda.armed(conn, ALERT, f"case:{case.id}") is None:
        _arm(conn, ALERT, case, now + ROUND, now)
    if due is None and not told and not _able(conn, case, now):
        _call_admins(conn, desk, case, now)


def alert(conn: Connection, desk: Desk, case: CaseRow, now: datetime, *, again: bool = False) -> int:
    """Alert the next on duty, or, for what is restricted, all who may see it; the number of them.

    Only the centre, a word for the kind and the number: others see the phones of staff too.
    """
    able = _able(conn, case, now)
    known = _known(conn, case, now)
    chosen = [one for one in able if one.staff_id not in known]
    if case.restricted:
        chosen.sort(key=lambda one: one.contact_id)  # the order in which all lock them
    else:
        chosen = (chosen or (able if again else []))[:1]
    lines = (Line("bot.alert", about(case)), *_more(conn, case))
    button = (f"{TAKE}{case.id}", "bot.alert-take")
    for one in chosen:
        say(conn, desk, one.contact_id, lines, now, restricted=case.restricted, button=button)
        alerts.note(conn, case.id, one.staff_id, now)
    return len(chosen)


def alert_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """The office has opened: whoever is first is alerted of what came in the night, if nobody was."""
    case = _waiting(conn, row, danger=True)
    if case is None:
        return
    known = alerts.heard(conn, case.id) & {one.staff_id for one in alerts.able(conn, case, now)}
    if case.kind == "danger" or not known:
        alert(conn, desk, case, now)


def answer_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Nobody has taken it in time: the next is alerted, and the person, once, is offered another way."""
    case = _waiting(conn, row)
    if case is None:
        return
    turn = int(row.key.rpartition(":")[2])
    told = alert(conn, desk, case, now)
    reached = told or (case.restricted and _able(conn, case, now))
    hours = _hours(conn, desk, case)
    if case.kind == "danger":
        daily = turn >= DANGER_ROUNDS
        if not reached and (turn == 1 or daily):
            _call_admins(conn, desk, case, now)
        again = hours.next_opening(end_of_day(now)) if daily else now + DANGER_AGAIN
    else:
        if not reached and (case.kind != "complaint" or alerts.complaints(conn)[1] == case.id):
            _call_admins(conn, desk, case, now)
        _tell_late(conn, desk, case, now)
        again = promised(now, desk.within(case.centre), hours) if reached else now
        again = max(again, hours.next_opening(end_of_day(now)))
    _arm(conn, ANSWER, case, again, now)


def about(case: CaseRow) -> dict[str, Line | str]:
    """What may be told of a case: centre, a word for its kind, number."""
    centre = f"centres.{case.centre or 'any'}.name"
    where = Line("bot.duty-everywhere" if case.kind == "complaint" else centre)
    return {"centre": where, "kind": Line(f"bot.kind.{case.kind}"), "number": name_of(case)}


def name_of(case: CaseRow) -> str:
    """Its number, or its id while no centre is known."""
    return case.number or str(case.id)


def end_of_day(now: datetime) -> datetime:
    """The last moment of the day in Phnom Penh."""
    local = now.astimezone(PHNOM_PENH)
    return local.replace(hour=23, minute=59, second=59, microsecond=0).astimezone(now.tzinfo)


def arm_silence(conn: Connection, contact_id: int | None, now: datetime) -> None:
    """Whoever has the chat has a day to write."""
    if contact_id is not None:
        agenda.arm(conn, SILENCE, f"contact:{contact_id}", contact_id, now + SILENT_FOR, now)


def _able(conn: Connection, case: CaseRow, now: datetime) -> list[Member]:
    return [one for one in alerts.able(conn, case, now) if one.contact_id != case.contact_id]


def _known(conn: Connection, case: CaseRow, now: datetime) -> frozenset[int]:
    """Who is not alerted (again): of danger for a while, of complaints for a day, else who heard of it."""
    match case.kind:
        case "danger":
            return alerts.woken(conn, case.contact_id, now - ROUND)
        case "complaint":
            return alerts.complaining(conn, day_of(now))
        case _:
            return alerts.heard(conn, case.id)


def _more(conn: Connection, case: CaseRow) -> tuple[Line, ...]:
    """How many complaints wait: they are alerted of together."""
    count = alerts.complaints(conn)[0] if case.kind == "complaint" else 1
    return (Line("bot.alert-more", {"count": str(count)}),) if count > 1 else ()


def _waiting(conn: Connection, row: AgendaRow, *, danger: bool = False) -> CaseRow | None:
    """Hold a case that nobody has taken; `danger`: of danger a taken one too."""
    case_id = int(row.key.split(":")[1])
    chats.hold(conn, row.contact_id)
    cases.lock(conn, case_id)
    case = case_rows.row_of(conn, case_id)
    if case is not None and danger and case.kind == "danger" and case.state == "taken":
        return case
    return case if case is not None and case.state == "open" else None


def _arm(conn: Connection, kind: str, case: CaseRow, due: datetime, now: datetime) -> None:
    agenda.arm(conn, kind, f"case:{case.id}", case.contact_id, due, _entered(case, now))


def _standing(case: CaseRow) -> tuple[str, bool, str | None]:
    """What staff go by: when it changes they are alerted anew."""
    return case.kind, case.urgent, case.centre


def _entered(case: CaseRow, now: datetime) -> datetime:
    """When an entry says that it was made: of a complaint only the day."""
    return day_of(now) if case.kind == "complaint" else now


def day_of(now: datetime) -> datetime:
    """The first moment of the day in Phnom Penh."""
    local = now.astimezone(PHNOM_PENH)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)


def _centre(conn: Connection, desk: Desk, case: CaseRow) -> Centre | None:
    return desk.library.live(conn).book.centres.get(case.centre or "")


def _hours(conn: Connection, desk: Desk, case: CaseRow) -> Hours:
    centre = _centre(conn, desk, case)
    return centre.open_hours if centre else OFFICE


def _tell_late(conn: Connection, desk: Desk, case: CaseRow, now: datetime) -> None:
    """Once, and never to somebody who hid, stopped or rests, nor of what is restricted."""
    if case.told_late or case.restricted or case.contact_id is None:
        return
    who = people.contact_of(conn, case.contact_id)
    if who is None or who.hidden or who.stopped or who.resting or who.handled_by_staff:
        return
    book, centre = desk.library.live(conn).book, _centre(conn, desk, case)
    lines = [
        Line("bot.late", {"number": name_of(case)}),
        Line("bot.late-phone", {"phone": asking.about_centre(book, centre, "phone")}),
    ]
    if centre is not None and centre.hours:
        lines.append(
            Line("bot.late-hours", {"centre": Line(f"centres.{centre.id}.name"), "hours": Line(centre.hours)})
        )
    if centre is not None and centre.address:
        lines.append(Line("bot.late-address", {"address": Line(centre.address)}))
    if say(conn, desk, case.contact_id, tuple(lines), now) is not None:
        cases.told_late(conn, case.id)


def _call_admins(conn: Connection, desk: Desk, case: CaseRow, now: datetime) -> None:
    """Nobody is left to alert: administrators find somebody; of what is restricted they hear no case."""
    told = about(case)
    private = Line("bot.alert-nobody-private", {"centre": told["centre"]})
    line = private if case.restricted else Line("bot.alert-nobody", told)
    for one in sorted(duty.members(conn, now), key=lambda one: one.contact_id):
        if any(grant.role == "admin" for grant in one.grants) and one.contact_id != case.contact_id:
            say(conn, desk, one.contact_id, (line,), now, restricted=case.restricted)
