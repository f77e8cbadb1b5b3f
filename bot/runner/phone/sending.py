"""An announcement before and after it leaves: who gets it, how it looks, a test copy, the yes, how far it is.

Never lets anything out that was not seen as it is, and never alone to many.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.core.activity import Bilingual
from bot.core.announcement import Announcement, Link
from bot.core.channel import Part
from bot.core.contact import LANGUAGES, Contact
from bot.core.message import Arg, Line, Verbatim
from bot.core.unasked import NO_TO
from bot.runner import broadcast_leads, broadcasting, mailing, previewing
from bot.runner.broadcast_letters import looks
from bot.runner.broadcasting import PHONE, Refusal
from bot.runner.phone import approving, faulting, timing
from bot.runner.phone.looking import number
from bot.runner.phone.room import Button, Room
from bot.runner.previewing import Preview
from storage import activities, people
from storage.broadcast_report import Progress
from storage.broadcasts import Broadcast
from storage.staff import Action

DRAFT: Action = "broadcast.draft"
WHY: Mapping[str, str] = {
    "stopped": "stopped",
    "said no to messages": "said-no",
    **dict.fromkeys(NO_TO.values(), "said-no"),
    "unreachable": "unreachable",
    "no channel": "no-channel",
}
SEEN = 16  # letters of the digest that a button carries: so long nobody guesses another
FAIRS = 6  # that a button may lead to
DRAFTED = ("copy", "km", "en", "who", "link", "when")  # what can be done before it is sent
DEEDS = {"pause": broadcasting.pause, "resume": broadcasting.resume, "stop": broadcasting.stop}
MAY = {
    "approved": ("pause", "stop"),
    "sending": ("pause", "stop"),
    "paused": ("resume", "stop"),
    "waiting": ("stop",),
}


def tapped(room: Room, one: int, deed: list[str]) -> None:
    """`preview` · `copy` · `link` · `link:7` · `when` · `when:now` · `send:<digest>` · `how` · `pause`…."""
    match deed:
        case ["preview"]:
            show(room, one)
        case ["copy"]:
            _copy(room, one)
        case ["link"]:
            _links(room, one)
        case ["link", fair]:
            _linked(room, one, number(fair))
        case ["when", *moment]:
            _when(room, one, "".join(moment))
        case ["send", seen]:
            _sure(room, one, seen)
        case ["really", seen]:
            _send(room, one, seen)
        case ["how"]:
            how_far(room, one, redraw=True)
        case [what] if what in DEEDS:
            done = DEEDS[what](room.step.conn, room.scope, one, room.step.now)
            if isinstance(done, Refusal):
                refused(room, done)
            else:
                how_far(room, one)
        case _:
            room.say(Line("phone.begin-again"))


def show(room: Room, one: int) -> None:
    """The preview: how it looks to whom, then who gets it, who not and why, and what can be done.

    Where nobody would get it, that is said, and choosing other people comes first.
    """
    found = room.preview()
    if isinstance(found, Refusal):
        refused(room, found)
        return
    _show_looks(room, one, found.broadcast.announcement)
    here, seen = f"an:{one}", found.digest[:SEEN]
    may = found.people and not faulting.standing(found)
    buttons: list[Button] = [(f"{here}:send:{seen}", Line("phone.an-send"))] if may else []
    deeds = DRAFTED if found.people else sorted(DRAFTED, key=lambda do: do != "who")
    buttons += [(f"{here}:{do}", Line(f"phone.an-do.{do}")) for do in deeds]
    lines = told(found, room.step.now)
    room.say(*lines, buttons=[*buttons, (f"{here}:drop", Line("phone.an-drop"))])


def kept(room: Room, one: int) -> None:
    """It is in the store as they want it; nobody gets it yet."""
    room.say(Line("phone.an-kept"), buttons=[(f"an:{one}:preview", Line("phone.an-do.look"))])


def told(found: Preview, now: datetime) -> list[Line]:
    """Who gets it, by channel; who not, by reason; when it leaves and how long it takes."""
    lines = [found.who, Line("phone.an-people", {"people": found.people})]
    lines += [
        Line("phone.an-channel", {"channel": Line(f"phone.channel.{name}"), "people": number_})
        for name, number_ in found.reached.items()
    ]
    if found.waits:
        lines.append(Line("phone.an-waits", {"people": found.waits}))
    lines += [
        Line("phone.an-not", {"why": Line(f"phone.an-why.{why}"), "people": number_})
        for why, number_ in _reasons(found).items()
    ]
    lines += timing.told(found.broadcast.announcement, now)
    if found.people:
        lines.append(Line("phone.an-lasts", {"minutes": max(1, round(found.lasts.total_seconds() / 60))}))
    else:
        lines.append(Line("phone.an-nobody-gets" if found.not_reached else "phone.an-nobody-fits"))
    lines += [Line(f"phone.an-missing.{language}") for language in found.missing]
    lines += faulting.told(faulting.standing(found))
    if found.second:
        lines.append(Line("phone.an-second", {"most": PHONE}))
    return [Line("phone.an-preview", {"lines": tuple(lines)})]


def _reasons(found: Preview) -> dict[str, int]:
    """People by reason; what tells of how they fare is one reason, whoever they are."""
    lost: Counter[str] = Counter()
    for why, number_ in found.not_reached.items():
        lost[WHY.get(why, "not-now")] += number_
    return dict(lost)


def how_far(room: Room, one: int, *, redraw: bool = False) -> None:
    """Where it stands, and what can be done about it."""
    found = broadcasting.mine(room.step.conn, room.scope, one)
    if isinstance(found, Refusal):
        refused(room, found)
        return
    lines = [Line("phone.an-how", {"state": Line(f"phone.an-is.{found.state}"), "people": found.people or 0})]
    if found.started_at is None:
        lines += timing.told(found.announcement, room.step.now)
    if isinstance(looked := room.step.looked, Progress):
        lines.append(Line("phone.an-progress", _so_far(looked)))
    buttons: list[Button] = [(f"an:{one}:how", Line("phone.an-do.how"))]
    buttons += [(f"an:{one}:{do}", Line(f"phone.an-do.{do}")) for do in MAY.get(found.state, ())]
    room.say(*lines, buttons=buttons, redraw=redraw)


def _so_far(looked: Progress) -> dict[str, Arg]:
    """People to whom it went, for whom it waits, and whom it did not reach."""
    states = looked.states
    sent, waits = states.get("sent", 0), sum(states.get(one, 0) for one in ("queued", "sending", "held"))
    return {"sent": sent, "waits": waits, "lost": looked.people - sent - waits}


def refused(room: Room, why: Refusal) -> None:
    """Why nothing was done."""
    room.say(Line(f"phone.an-refused.{why}"))


def _show_looks(room: Room, one: int, announcement: Announcement) -> None:
    """As readers of each language see it; where channels differ, on each of them."""
    step, desk = room.step, room.desk
    for language in LANGUAGES:
        if not getattr(announcement.words, language):
            continue
        shown: dict[str, list[str]] = {}
        for channel in sorted(mailing.channels(desk)):
            reader = Contact(0, language, channel=channel)
            parts = looks(step.conn, desk, announcement, one, reader)
            shown.setdefault("\n\n".join(_as_text(part) for part in parts), []).append(channel)
        for text, channels in shown.items():
            on = tuple(Line(f"phone.channel.{channel}") for channel in channels)
            head = Line("phone.an-looks", {"language": Line(f"broadcast.languages.{language}"), "on": on})
            room.say(head, Verbatim(text))


def _as_text(part: Part) -> str:
    buttons = " ".join(f"[{button.label}]" for button in part.buttons)
    enclosed = f"📎 {part.document.name}" if part.document else ""
    return "\n".join(one for one in (enclosed, part.text, buttons) if one)


def _copy(room: Room, one: int) -> None:
    step = room.step
    outcome = previewing.test_copy(step.conn, room.desk, room.scope, one, step.contact.id, step.now)
    queued = people.take_seq(step.conn, step.contact.id, 0)  # the reply goes behind the copy
    step.person = replace(step.person, seq=queued, unsent=step.person.unsent or queued > step.person.seq)
    if isinstance(outcome, Refusal):
        refused(room, outcome)
    else:
        room.say(Line("phone.an-copied"), buttons=[(f"an:{one}:preview", Line("phone.an-do.preview"))])


def _links(room: Room, one: int) -> None:
    """The fairs that a button below it may lead to."""
    found = broadcasting.mine(room.step.conn, room.scope, one)
    if isinstance(found, Refusal):
        refused(room, found)
        return
    centre = found.announcement.centre
    step, centres = room.step, [centre] if centre else None
    coming = activities.find(step.conn, states=("published", "moved"), centres=centres, ends_after=step.now)
    buttons: list[Button] = [
        (
            f"an:{one}:link:{kept.activity.id}",
            Verbatim(kept.activity.sheet.title.read_in(step.contact.language)),
        )
        for kept in coming[:FAIRS]
    ]
    head = Line("phone.an-link" if buttons else "phone.an-no-values")
    none: Button = (f"an:{one}:link:0", Line("phone.an-link-none"))
    room.say(head, buttons=[*buttons, none], redraw=True)


def _linked(room: Room, one: int, fair: int) -> None:
    step = room.step
    found = broadcasting.mine(step.conn, room.scope, one)
    if isinstance(found, Refusal):
        refused(room, found)
        return
    label = Bilingual(*(step.live.words.say("phone.an-link-label", language) for language in LANGUAGES))
    links = (Link(label, f"a:{fair}"),) if fair else ()
    changed = replace(found.announcement, buttons=links)
    if wrong := broadcast_leads.hidden(step.conn, changed, step.now):
        room.say(*faulting.told(wrong))
    else:
        _changed(room, one, changed)


def _when(room: Room, one: int, written: str) -> None:
    """Let it leave at this moment, or once it is approved; "": show what there is to choose."""
    found = broadcasting.mine(room.step.conn, room.scope, one)
    at = timing.read(written, room.step.now)
    if isinstance(found, Refusal):
        refused(room, found)
    elif at is None and written != timing.AT_ONCE:
        timing.show(room, one, late=bool(written))
    else:
        _changed(room, one, replace(found.announcement, send_at=at))


def _changed(room: Room, one: int, announcement: Announcement) -> None:
    step = room.step
    changed = broadcasting.edit(step.conn, room.scope, one, announcement, step.now, phone=True)
    if isinstance(changed, Broadcast):
        kept(room, one)
    elif isinstance(changed, Refusal):
        refused(room, changed)
    else:
        room.say(*faulting.told(changed))


def _sure(room: Room, one: int, seen: str) -> None:
    """Ask once more, with the number in front."""
    found = room.preview()
    if isinstance(found, Refusal) or not found.digest.startswith(seen):
        refused(room, found if isinstance(found, Refusal) else Refusal.CHANGED)
        return
    buttons: list[Button] = [
        (
            f"an:{one}:really:{seen}",
            Line("phone.an-ask-second" if found.second else "phone.an-send-yes"),
        ),
        (f"an:{one}:preview", Line("phone.back")),
    ]
    room.say(Line("phone.an-sure", {"people": found.people}), buttons=buttons)


def _send(room: Room, one: int, seen: str) -> None:
    found = room.preview()
    if isinstance(found, Refusal) or not found.digest.startswith(seen):
        refused(room, found if isinstance(found, Refusal) else Refusal.CHANGED)
        return
    done = approving.approved(room, found)
    if isinstance(done, Refusal):
        refused(room, done)
    elif done.state == "waiting":
        asked = approving.ask(room, found)
        said = Line("phone.an-waiting", {"people": asked}) if asked else _nobody(room, one)
        room.say(said, buttons=[(f"an:{one}:how", Line("phone.an-do.how"))])
    else:
        later = timing.told(done.announcement, room.step.now)
        room.say(Line("phone.an-sent-later" if later else "phone.an-sent"))
        how_far(room, one)


def _nobody(room: Room, one: int) -> Line:
    """Nobody on duty may approve it: it is done at the computer."""
    return Line("phone.an-nobody", {"id": str(one), "name": room.member.name})
