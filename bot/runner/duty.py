"""Staff on duty by chat: they join by a one-time code, take a case with a tap, record sentences, and leave.

Never shows them a word of a person, never keeps a code, and tells a stranger nothing.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.contact import Contact
from bot.core.effects import AtDesk, Turn
from bot.core.events import Body, Command, Media, Tap, automatic
from bot.core.message import Line, OutMessage
from bot.runner import desk as at_the_desk
from bot.runner import promises, recording
from bot.runner.notice import Desk, desk_of
from bot.runner.notice import say as tell
from bot.runner.phone import door
from bot.runner.reach import PULLED
from bot.runner.step import Step, say
from storage import agenda, alerts, audit, case_rows, chats, doing, duty
from storage.agenda import AgendaRow
from storage.case_rows import CaseRow, Refusal
from storage.duty import DUTY_LASTS, Member
from storage.staff import EVERYWHERE

RENEW = "staff.renew"
REMIND_AFTER = timedelta(days=27)  # three days to ask for a new code before the duty ends
TRIES, TRY_WITHIN = 5, timedelta(hours=1)  # a code has 49 bits: this only keeps the log of tries short
OFF = "off"
DIGITS = 18  # the store's ids have 63 bits
SAID = {
    Refusal.UNKNOWN: "bot.duty-unknown",
    Refusal.FORBIDDEN: "bot.duty-unknown",
    Refusal.TAKEN: "bot.duty-gone",
    Refusal.CLOSED: "bot.duty-closed",
}


def at_desk(step: Step, body: Body) -> None:
    """Do what a member of staff asks for by chat: a command, a tap, a voice note, a scan, words."""
    match body:
        case Command("staff", argument):
            _staff(step, argument.strip())
        case Command("record", argument):
            recording.begin(step, argument)
        case Media():
            recording.heard(step, body)
        case Tap(payload) if payload.startswith(promises.TAKE):
            _take(step, payload.removeprefix(promises.TAKE))
        case _ if not door.work(step, body):
            _say(step, Line("bot.duty-unknown"))
        case _:
            pass


def with_doing(step: Step, contact: Contact) -> Contact:
    """The person as the engine must know them: what the next words of a member of staff are for."""
    if not contact.staff:
        return contact
    return replace(contact, doing=doing.asked(step.conn, contact.id, step.now))


def mind(step: Step, turn: Turn) -> None:
    """Whoever was asked for words and does something else of their own is asked no more."""
    working = any(isinstance(one, AtDesk) for one in turn.effects)
    if step.contact.doing and not working and not automatic(step.event):
        doing.ask(step.conn, step.contact.id, "", step.now)


def hold_first(conn: Connection, body: Body) -> None:
    """Lock whose case a tap takes before who taps, as an alert does: one waits, neither is broken off."""
    match body:
        case Tap(payload) if payload.startswith(promises.TAKE):
            case = case_rows.row_of(conn, _case_id(payload.removeprefix(promises.TAKE)))
            chats.hold(conn, None if case is None else case.contact_id)


def renew_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Their month is nearly over: they are told once to ask for a new code. Over: they leave."""
    staff_id = int(row.key.split(":")[1])
    member = duty.member(conn, staff_id, now)
    if member is not None and member.until - now <= DUTY_LASTS - REMIND_AFTER:
        tell(conn, desk, member.contact_id, (Line("bot.duty-renew", {"until": member.until}),), now)
        agenda.arm(conn, RENEW, f"staff:{staff_id}", member.contact_id, member.until, now)
    elif duty.over(conn, staff_id, now):
        at_the_desk.leave(conn, desk, staff_id, now)
        tell(conn, desk, row.contact_id, (Line("bot.duty-off"),), now)
        audit.record(conn, None, "duty.over", f"staff {staff_id}", now)


def tell_case_erased(conn: Connection, desk: Desk, case_id: int, now: datetime) -> None:
    """The person of a case has erased everything: who held the case, or was alerted of it, is told."""
    case = case_rows.row_of(conn, case_id)
    if case is None:
        return
    known = alerts.heard(conn, case_id)
    for one in duty.members(conn, now):
        if one.staff_id in known or one.name == case.taken_by:
            line = Line("bot.duty-erased", {"number": promises.name_of(case)})
            tell(conn, desk, one.contact_id, (line,), now, restricted=case.restricted)


def _staff(step: Step, argument: str) -> None:
    here = duty.at(step.conn, step.contact.id, step.now)
    if argument.casefold() == OFF and here is not None:
        at_the_desk.leave(step.conn, desk_of(step.kit), here.staff_id, step.now)
        audit.record(step.conn, here.staff_id, "duty.leave", f"staff {here.staff_id}", step.now)
        _say(step, Line("bot.duty-off"))
    elif not argument and here is not None:
        _say(step, _joined(here), *door.commands(here))
    else:
        _join(step, argument)


def _join(step: Step, code: str) -> None:
    """One refusal for whatever is wrong."""
    tried = duty.tries(step.conn, step.contact.id, step.now - TRY_WITHIN)
    step.reason = duty.TRIED
    member = before = None
    if code and tried < TRIES and step.event.address.channel not in PULLED:
        before = duty.at(step.conn, step.contact.id, step.now)
        member = duty.join(step.conn, step.kit.vault, step.contact.id, code, step.now)
    if member is None:
        _say(step, Line("bot.duty-refused"))
        return
    if before is not None and before.staff_id != member.staff_id:  # a chat is of one account
        at_the_desk.leave(step.conn, desk_of(step.kit), before.staff_id, step.now)
    due = step.now + REMIND_AFTER
    agenda.arm(step.conn, RENEW, f"staff:{member.staff_id}", member.contact_id, due, step.now)
    audit.record(step.conn, member.staff_id, "duty.join", f"staff {member.staff_id}", step.now)
    _say(step, _joined(member), *door.commands(member))


def _joined(member: Member) -> Line:
    where = sorted({one.centre for one in member.grants} - {EVERYWHERE})
    everywhere = any(one.centre == EVERYWHERE for one in member.grants)
    centres = (Line("bot.duty-everywhere"),) if everywhere else tuple(map(_centre, where))
    return Line("bot.duty-joined", {"centres": centres, "until": member.until})


def _centre(centre: str) -> Line:
    return Line(f"centres.{centre}.name")


def _take(step: Step, number: str) -> None:
    """Take the case of an alert, under what they may see now. Nobody takes their own."""
    member = duty.at(step.conn, step.contact.id, step.now)
    case_id = _case_id(number)
    own = case_rows.row_of(step.conn, case_id)
    taken: CaseRow | Refusal = Refusal.UNKNOWN
    if member is not None and (own is None or own.contact_id != step.contact.id):
        taken = at_the_desk.take(step.conn, desk_of(step.kit), member.scope, case_id, step.now)
    if member is None or isinstance(taken, Refusal):
        _say(step, Line(SAID[taken] if isinstance(taken, Refusal) else "bot.duty-unknown"))
        return
    step.restricted = step.restricted or taken.restricted
    _say(step, Line("bot.duty-taken", {"number": promises.name_of(taken), "name": member.name}))


def _case_id(number: str) -> int:
    """0 for what no case is called: anybody may write a payload."""
    return int(number) if number.isdecimal() and len(number) <= DIGITS else 0


def _say(step: Step, *lines: Line) -> None:
    step.parts.extend(say(step, OutMessage(step.live.digest, lines)))
