"""Effects to rows: what one step decided is written in the step's own transaction.

Never commits, never sends: parts go to the outbox, gestures are handed back to be made after the commit.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

import orjson
from sqlalchemy import Connection

from bot.channels.channel import Gesture, TapGesture
from bot.core import effects as fx
from bot.core import session as sessions
from bot.core import speech
from bot.core.answers import Flag, Heard, Key, Keys, Phone, PlaceCode, Skipped, Value, Words, dump
from bot.core.channel import Capabilities, Document, Part
from bot.core.contact import Contact
from bot.core.events import Event, Location
from bot.core.fitting import fit
from bot.core.khmer.fold import fold
from bot.core.schedule import promised
from bot.core.session import Session
from bot.runner import mydata
from bot.runner.forms import dump_body, dump_part
from bot.runner.kit import Kit, Leases
from bot.runner.render import Voice, render
from bot.scripts import Release
from storage import cases, consents, inbox, lookup, media, outbox, people, submissions
from storage.outbox import Draft, Lane, OutRow
from storage.people import Person


@dataclass(slots=True)
class Step:
    """One step being written, under the Release `live`. `uploaded`: the bytes that came with the event."""

    conn: Connection
    kit: Kit
    live: Release
    person: Person
    event: Event
    now: datetime
    uploaded: bytes | None = None
    facts: dict[str, str | datetime] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    gestures: list[Gesture] = field(default_factory=list)
    words_kept: bool = True

    @property
    def capabilities(self) -> Capabilities:
        """Of the channel that the event came by."""
        return self.kit.channels[self.person.account].capabilities

    @property
    def contact(self) -> Contact:
        """The person, as the step has changed them so far."""
        return self.person.contact


@dataclass(frozen=True, slots=True)
class Written:
    """What the step left behind: outbox rows born claimed by this process, and gestures to make."""

    rows: tuple[OutRow, ...] = ()
    gestures: tuple[Gesture, ...] = ()
    queued: bool = False  # parts wait in the store for whoever claims them


def write(step: Step, turn: fx.Turn, before: Session, leases: Leases) -> Written:
    """Write a whole turn: effects in order, then the event, the parts and the session."""
    for effect in turn.effects:
        _apply(step, effect)
    body = step.event.body
    came_by = inbox.add(
        step.conn,
        step.kit.vault,
        person=step.person,
        event=step.event,
        body=dump_body(body) if step.words_kept and not isinstance(body, Location) else None,
        now=step.now,
        release=_release(turn.session) or _release(before),
        node_before=_node(before),
        node_after=_node(turn.session),
    )
    written = put_parts(step, f"in:{came_by}", leases)
    people.save(
        step.conn,
        step.person,
        orjson.dumps(sessions.dump(turn.session)),
        step.person.seq + len(step.parts),
        turn.session.wake_at,
        releases=sessions.releases(turn.session),
        now=step.now,
    )
    return written


def put_parts(step: Step, cause: str, leases: Leases) -> Written:
    """The step's parts as outbox rows; born claimed when nothing earlier waits elsewhere."""
    gestures = tuple(step.gestures)
    if not step.parts:
        return Written(gestures=gestures)
    drafts = [Draft(f"{cause}:{at}", Lane.REPLY, dump_part(part)) for at, part in enumerate(step.parts)]
    person, kit = step.person, step.kit
    lease = None
    if leases.may_lease(person.contact.id, person.account, unsent=person.unsent):
        lease = (kit.worker, step.now + kit.lease)
    rows = outbox.add(step.conn, person, drafts, first_seq=person.seq + 1, now=step.now, lease=lease)
    return Written(tuple(rows), gestures) if lease else Written(gestures=gestures, queued=True)


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
            _save(step, effect)
        case fx.ForgetAnswer(number, name, index):
            submissions.forget_answer(conn, person, number, name, index)
        case fx.OpenSubmission(number, dialog, release):
            submissions.open_(conn, person, number, dialog, release, step.now)
        case fx.SetSubject(number, subject):
            submissions.set_subject(conn, person, number, subject)
        case fx.CloseSubmission(number):
            submissions.close(conn, person, number, step.now)
        case fx.CaseOpened():
            open_case(step, effect)
        case fx.ConsentGiven():
            _consent(step, effect)
        case fx.LanguageChosen(language):
            people.set_language(conn, person.contact.id, language, step.now)
            contact = replace(person.contact, language=language, language_chosen=True)
            step.person = replace(person, contact=contact)
        case fx.StopChosen(stopped):
            people.set_stopped(conn, person.contact.id, stopped, step.now)
        case fx.ReachChanged(reachable):
            people.set_reachable(conn, person.contact.id, reachable, step.now)
        case fx.KeepMedia():
            _keep(step, effect)
        case fx.DataAsked(what):
            _data(step, what)
        case fx.DropWords():
            step.words_kept = False
        case fx.TapAnswered():
            step.gestures.append(_gesture(step, effect))
        case _:
            assert_never(effect)


def voice(step: Step, release: str | None) -> Voice:
    """The voice of a Release (the live one when it is gone) in the person's language."""
    found = (step.kit.library.get(step.conn, release) if release else None) or step.live
    return Voice(found.words, step.live.words, found.book, step.contact.language, step.facts)


def say(step: Step, message: fx.OutMessage) -> tuple[Part, ...]:
    """A message in words, fitted to the person's channel; its recording follows when there is one."""
    words = fit(render(message, voice(step, message.release)), step.capabilities)
    return words if message.speech is None else (*words, *_recording(step, message.release, message.speech))


def _recording(step: Step, release: str, message_id: str) -> tuple[Part, ...]:
    """Of the same Release as the words; none when nobody recorded it."""
    found = step.kit.library.get(step.conn, release) or step.live
    path = speech.path_of(message_id, step.contact.language)
    if path not in found.voices or not step.capabilities.documents:
        return ()
    return (Part("", document=Document(0, f"{message_id}.ogg", speech.MIME, found.digest, path)),)


def _save(step: Step, saved: fx.SaveAnswer) -> None:
    value = saved.value
    how = "heard" if isinstance(value, Heard) else "skipped" if isinstance(value, Skipped) else "given"
    submissions.save_answer(
        step.conn,
        step.person,
        saved.submission,
        saved.field,
        saved.index,
        orjson.dumps(dump(value)),
        sensitivity=saved.sensitivity,
        coarse=_clear(value) if saved.coarse else None,
        node=saved.node,
        now=step.now,
        how=how,
    )
    contact_id = step.contact.id
    match value:
        case Phone(e164):
            lookup.index(step.conn, step.kit.vault, contact_id, "phone", [e164])
            lookup.index(step.conn, step.kit.vault, contact_id, "phone6", [e164[-6:]])
        case Words(text) if saved.field == "name":
            lookup.index(step.conn, step.kit.vault, contact_id, "name", fold(text).split())
        case _:
            pass


def _clear(value: Value) -> str | None:
    """A closed answer in clear, for counting."""
    match value:
        case Key(key):
            return key
        case Keys(keys):
            return " ".join(keys)
        case Flag(yes):
            return "yes" if yes else "no"
        case PlaceCode(code):
            return code
        case _:
            return None


def open_case(step: Step, opened: fx.CaseOpened) -> None:
    """Open (or take up) the case; its number and date become facts for what is said next."""
    centre = step.live.book.centres.get(opened.centre) if opened.centre else None
    within = step.kit.answer_within.get(centre.id, step.kit.any_answer_within) if centre else None
    row = cases.open_(
        step.conn,
        step.person,
        opened.kind,
        opened.submission,
        centre.id if centre else None,
        centre.prefix if centre else None,
        opened.restricted,
        promised(step.now, within or step.kit.any_answer_within, step.kit.quiet_hours.zone),
        step.now,
    )
    step.facts["case.number"] = row.number or voice(step, None).say(fx.Line("bot.number-later"))
    step.facts["case.answer_by"] = row.answer_by or step.now


def _consent(step: Step, given: fx.ConsentGiven) -> None:
    consents.record(
        step.conn,
        step.contact.id,
        given.purpose,
        given.granted,
        given.text,
        given.release,
        step.contact.language,
        step.event.address.channel,
        step.now,
    )


def _keep(step: Step, kept: fx.KeepMedia) -> None:
    data = step.uploaded
    number = media.want(
        step.conn,
        step.person,
        ref=kept.ref,
        kind=kept.kind,
        mime=kept.mime,
        size=kept.size,
        now=step.now,
        submission_no=kept.submission,
        field=kept.field,
        index=kept.index,
    )
    if data is not None:
        media.fill(step.conn, step.person.key, number, data, step.now)


def _data(step: Step, what: str) -> None:
    spoken = voice(step, None)
    match what:
        case "show":
            step.parts.extend(fit(mydata.shown(step.conn, step.person, spoken), step.capabilities))
        case "export":
            step.parts.append(mydata.exported(step.conn, step.kit.vault, step.person, spoken, step.now))
        case _:
            people.set_erasing(step.conn, step.contact.id, step.now)
            step.parts.extend(say(step, fx.OutMessage("", (fx.Line("bot.erased"),))))


def _gesture(step: Step, answered: fx.TapAnswered) -> TapGesture:
    chosen = voice(step, answered.release).say(answered.chosen) if answered.chosen else ""
    return TapGesture(step.person.external, answered.query, answered.message, chosen)
