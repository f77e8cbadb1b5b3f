"""`/announce`: whose people, about what, who of them, and the words; then the preview, and it is sent.

Never sends anything, and keeps no announcement in the store before it has words.
"""

from dataclasses import replace
from typing import Any

import orjson

from bot.core import segment as segments
from bot.core.activity import NOTHING, Bilingual
from bot.core.announcement import PURPOSES, Announcement
from bot.core.contact import Language
from bot.core.message import Line
from bot.core.segment import Segment
from bot.runner import broadcasting
from bot.runner.broadcasting import Refusal
from bot.runner.phone import choosing, faulting, sending
from bot.runner.phone.looking import number
from bot.runner.phone.room import Button, Room
from bot.runner.phone.sending import DRAFT

DOING = "announce"  # what `staff.doing` begins with: `announce:<id, 0 before it has words>:<what> {…}`
WHO = "who"  # nothing is typed now: they choose people
EVERYWHERE = "all"


def begin(room: Room) -> None:
    """Whose people it may reach: one of their centres', or everybody's for who works for all."""
    centres = room.centres(DRAFT)
    everywhere = room.everywhere(DRAFT)
    if not centres and not everywhere:
        room.say(Line("phone.no-right"))
    elif len(centres) == 1 and not everywhere:
        _about(room, centres[0])
    else:
        buttons: list[Button] = [(f"an:new:{one}", Line(f"centres.{one}.name")) for one in centres]
        every: list[Button] = [(f"an:new:{EVERYWHERE}", Line("phone.an-all"))] if everywhere else []
        room.say(Line("phone.which-centre"), buttons=[*buttons, *every])


def tapped(room: Room, what: list[str]) -> None:
    """`new:pursat` · `new:pursat:news` · `5:part:ages` · `5:tick:ages:18-24` · `5:words` · `5:send:0a1b`…."""
    match what:
        case ["new", centre]:
            _about(room, centre)
        case ["new", centre, purpose]:
            _new(room, centre, purpose)
        case [one, "drop"]:
            _drop(room, number(one))
        case [one, *deed] if (found := _find(room, number(one))) is not None:
            _deed(room, number(one), found, deed)
        case _:
            room.say(Line("phone.begin-again"))


def written(room: Room, words: str) -> None:
    """They typed the words in one language; with the Khmer ones it is kept for the first time."""
    _, one, what = room.asked.partition(" ")[0].split(":")
    found = _find(room, number(one))
    if found is None:
        room.say(Line("phone.begin-again"))
    elif what == WHO:
        choosing.show(room, number(one), found)
        _wait(room, number(one), WHO, found)
    else:
        _worded(room, number(one), found, "km" if what == "km" else "en", words)


def _about(room: Room, centre: str) -> None:
    if not _may(room, centre):
        room.say(Line("phone.no-right"))
        return
    buttons: list[Button] = [(f"an:new:{centre}:{one}", Line(f"phone.an-about.{one}")) for one in PURPOSES]
    room.say(Line("phone.an-about"), buttons=buttons, redraw=True)


def _new(room: Room, centre: str, purpose: str) -> None:
    about = next((one for one in PURPOSES if one == purpose), None)
    if about is None or not _may(room, centre):
        room.say(Line("phone.no-right"))
        return
    name = f"{room.member.name} {room.step.now:%Y-%m-%d %H:%M}"
    whose = "" if centre == EVERYWHERE else centre
    started = Announcement(name, Segment(), NOTHING, about, whose)
    choosing.show(room, 0, started)
    _wait(room, 0, WHO, started)


def _may(room: Room, centre: str) -> bool:
    return room.everywhere(DRAFT) if centre == EVERYWHERE else centre in room.centres(DRAFT)


def _find(room: Room, one: int) -> Announcement | None:
    """The announcement as it is so far: in the store, or, before it has words, in what they were asked."""
    if one:
        found = broadcasting.mine(room.step.conn, room.scope, one)
        return None if isinstance(found, Refusal) else found.announcement
    head, _, form = room.asked.partition(" ")
    return _load(orjson.loads(form)) if head.startswith(f"{DOING}:0:") and form else None


def _deed(room: Room, one: int, found: Announcement, deed: list[str]) -> None:
    match deed:
        case ["who"]:
            choosing.show(room, one, found)
            _wait(room, one, WHO, found)
        case ["part", part] if part in choosing.PARTS:
            choosing.show_part(room, one, found, part)
            _wait(room, one, WHO, found)
        case ["tick", part, value]:
            _ticked(room, one, found, part, value)
        case ["words" | "km"]:
            _ask_words(room, one, found, "km")
        case ["en"]:
            _ask_words(room, one, found, "en")
        case [*more] if one:
            sending.tapped(room, one, more)
        case _:
            room.say(Line("phone.begin-again"))


def _ticked(room: Room, one: int, found: Announcement, part: str, value: str) -> None:
    changed = choosing.chosen(room, found, part, value)
    if changed is None or not _kept(room, one, changed):
        room.say(Line("phone.begin-again"))
        return
    choosing.show_part(room, one, changed, part)
    _wait(room, one, WHO, changed)


def _ask_words(room: Room, one: int, found: Announcement, language: Language) -> None:
    _wait(room, one, language, found)
    skip: list[Button] = [(f"an:{one}:preview", Line("phone.an-no-english"))] if language == "en" else []
    drop: Button = (f"an:{one}:drop", Line("phone.an-drop"))
    room.say(Line(f"phone.an-words.{language}"), buttons=[*skip, drop])


def _worded(room: Room, one: int, found: Announcement, language: Language, words: str) -> None:
    said = Bilingual(words, found.words.en) if language == "km" else Bilingual(found.words.km, words)
    changed, conn, now = replace(found, words=said), room.step.conn, room.step.now
    kept = (
        broadcasting.edit(conn, room.scope, one, changed, now, phone=True)
        if one
        else broadcasting.draft(conn, room.scope, changed, now, phone=True)
    )
    if isinstance(kept, Refusal):
        room.say(Line("phone.begin-again"))
    elif isinstance(kept, tuple):
        _wait(room, one, language, found)
        room.say(*faulting.told(kept))
    else:
        number_ = kept if isinstance(kept, int) else kept.id
        if language == "km" and not changed.words.en:
            _ask_words(room, number_, changed, "en")
        else:
            sending.kept(room, number_)


def _kept(room: Room, one: int, changed: Announcement) -> bool:
    if not one:
        return True
    found = broadcasting.edit(room.step.conn, room.scope, one, changed, room.step.now, phone=True)
    return not isinstance(found, Refusal | tuple)


def _drop(room: Room, one: int) -> None:
    if one:
        broadcasting.stop(room.step.conn, room.scope, one, room.step.now)
    room.say(Line("phone.an-dropped"))


def _wait(room: Room, one: int, what: str, found: Announcement) -> None:
    """Their next words are for this; taps find here what is not in the store yet."""
    room.ask(f"{DOING}:{one}:{what}", None if one else _dump(found))


def _dump(found: Announcement) -> dict[str, Any]:
    kept = {"name": found.name, "purpose": found.purpose, "centre": found.centre}
    return {**kept, "segment": segments.dump(found.segment)}


def _load(form: dict[str, Any]) -> Announcement:
    segment = segments.load(form["segment"])
    return Announcement(form["name"], segment, NOTHING, form["purpose"], form["centre"])
