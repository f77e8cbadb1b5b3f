"""Effects to rows: what one step decided is written in the step's own transaction.

Never commits, never sends: parts go to the outbox, gestures are handed back to be made after the commit.
"""

from dataclasses import replace

import orjson

from bot.channels.channel import TapGesture
from bot.core import effects as fx
from bot.core import session as sessions
from bot.core.activity_effects import ActivityEffect
from bot.core.events import Location
from bot.core.fitting import fit
from bot.core.message import Line, OutMessage
from bot.core.path import View
from bot.core.session import Session
from bot.runner import (
    activities,
    answering,
    answers,
    complaints,
    discretion,
    duty,
    erasing,
    files,
    handing,
    mydata,
    personal,
    window,
)
from bot.runner.forms import dump_body
from bot.runner.kit import Leases
from bot.runner.promises import open_case
from bot.runner.step import Step, Written, put_parts, say, speak, voice
from storage import inbox, people, submissions


def write(step: Step, turn: fx.Turn, before: Session, leases: Leases) -> Written:
    """Write a whole turn: effects in order, then the event, the parts and the session."""
    for effect in turn.effects:
        _apply(step, effect)
    body = step.event.body
    nowhere = step.safety or step.private
    came_by = inbox.add(
        step.conn,
        step.kit.vault,
        person=step.person,
        event=step.event,
        body=dump_body(body) if step.words_kept and not isinstance(body, Location) else None,
        now=step.now,
        release=None if nowhere else _release(turn.session) or _release(before),
        node_before="" if nowhere else _node(before),
        node_after="" if nowhere else _node(turn.session),
        reason="safety" if step.safety else step.reason,
        restricted=step.restricted,
    )
    handing.mind(step, before, turn.session)
    _mind_who_sees(step, turn.session)
    written = put_parts(step, f"in:{came_by}", leases)
    more = window.go_on(step, turn, f"in:{came_by}")
    people.save(
        step.conn,
        step.person,
        orjson.dumps(sessions.dump(turn.session)),
        step.person.seq + len(step.parts) + more,
        turn.session.wake_at,
        releases=sessions.releases(turn.session),
        seen_at=turn.session.seen_at,
        now=step.now,
    )
    return replace(written, queued=written.queued or more > 0)


def _mind_who_sees(step: Step, session: Session) -> None:
    """Whether others see what comes unasked: known without opening the session."""
    runs = {one.no: one for one in session.submissions}
    view = View(step.contact, runs, None, 0, suspended=False, code=False, live=step.live.book, now=step.now)
    if step.contact.careful != view.quiet:
        people.set_flag(step.conn, step.contact.id, "careful", on=view.quiet, now=step.now)
        if view.quiet:
            discretion.begins(step.conn, step.contact.id, step.now)


def _release(session: Session) -> str | None:
    return session.frames[-1].release if session.frames else None


def _node(session: Session) -> str:
    return f"{session.frames[-1].dialog}.{session.frames[-1].node}" if session.frames else ""


def _apply(step: Step, effect: fx.Effect) -> None:  # noqa: C901, PLR0912 - one arm per kind of effect
    conn, person = step.conn, step.person
    match effect:
        case fx.Send(message):
            step.parts.extend(say(step, message))
        case fx.SaveAnswer():
            answers.keep(conn, step.kit.vault, person, effect, step.now)
        case fx.ForgetAnswer(number, name, index):
            submissions.forget_answer(conn, person, number, name, index)
        case fx.OpenSubmission() | fx.SetSubject() | fx.CloseSubmission():
            _submission(step, effect)
        case fx.CaseOpened():
            open_case(step, effect)
        case fx.KeepMedia():
            files.keep(step, effect)
        case fx.HoldMedia():
            files.hold(step, effect)
        case fx.MediaDecided(keep):
            files.decide(step, keep=keep)
        case fx.Speak(release, messages):
            step.parts.extend(speak(step, release, messages))
        case fx.Complained():
            complaints.take(step, effect)
        case fx.AnswerShown() | fx.AnswerJudged() | fx.QuestionMissed():
            answering.apply(step, effect)
        case fx.AtDesk(body):
            duty.at_desk(step, body)
        case fx.DataAsked(what, veiled):
            _data(step, what, veiled=veiled)
        case fx.DropWords(safety):
            step.words_kept, step.safety = False, step.safety or safety
        case fx.TapAnswered():
            step.gestures.append(_gesture(step, effect))
        case _ if isinstance(effect, ActivityEffect):
            activities.apply(step, effect)
        case _:
            personal.apply(step, effect)


def _submission(step: Step, effect: fx.OpenSubmission | fx.SetSubject | fx.CloseSubmission) -> None:
    conn, person = step.conn, step.person
    match effect:
        case fx.OpenSubmission(number, dialog, release):
            submissions.open_(conn, person, number, dialog, release, step.now)
        case fx.SetSubject(number, subject):
            submissions.set_subject(conn, person, number, subject)
        case fx.CloseSubmission(number):
            submissions.close(conn, person, number, step.now)


def _data(step: Step, what: str, *, veiled: bool) -> None:
    spoken = voice(step, None)
    match what:
        case "show":
            told = mydata.shown(step.conn, step.person, spoken, veiled=veiled)
            step.parts.extend(fit(told, step.capabilities))
        case "export" if veiled:
            step.parts.extend(say(step, OutMessage("", (Line("bot.data-file-later"),))))
        case "export":
            step.parts.append(mydata.exported(step.conn, step.kit.vault, step.person, spoken, step.now))
        case _:
            erasing.ask(step)


def _gesture(step: Step, answered: fx.TapAnswered) -> TapGesture:
    chosen = voice(step, answered.release).say(answered.chosen) if answered.chosen else ""
    return TapGesture(step.person.external, answered.query, answered.message, chosen)
