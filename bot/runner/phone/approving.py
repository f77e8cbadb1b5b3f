"""The second person: whoever may approve an announcement is asked by phone, and says yes or no with a tap.

Never asks who wrote it, and never counts a yes to something else than what was shown.
"""

from datetime import datetime

import orjson
from sqlalchemy import Connection

from bot.core.message import Line
from bot.runner import broadcasting
from bot.runner.broadcasting import Refusal
from bot.runner.phone import faulting
from bot.runner.phone.looking import number
from bot.runner.phone.room import Room
from bot.runner.previewing import Preview
from storage import agenda, duty
from storage.broadcasts import Broadcast
from storage.duty import Member
from storage.staff import Action, may

APPROVE: Action = "broadcast.approve"
SEEN = 16  # letters of the digest that a button carries
ASK = "broadcast.ask"  # of the agenda, which holds other people's chats; keys `id:moment`
TELL = "broadcast.tell"  # likewise


def approved(room: Room, found: Preview) -> Broadcast | Refusal:
    """Approve what was just shown, as far as whoever is in the room may."""
    step = room.step
    if faulting.standing(found):
        return Refusal.FAULTY
    return broadcasting.approve(
        step.conn,
        room.scope,
        found.broadcast.id,
        step.now,
        seen=found.digest,
        people=found.people,
        limit=room.desk.approve_above,
        phone=True,
    )


def ask(room: Room, found: Preview) -> int:
    """Let everybody on duty who may approve it be asked; the number of them."""
    step, broadcast = room.step, found.broadcast
    able = able_now(step.conn, broadcast, room.member.staff_id, step.now)
    about = {"by": room.member.staff_id, "people": found.people, "seen": found.digest[:SEEN]}
    agenda.add(step.conn, ASK, None, _key(broadcast, step.now), step.now, orjson.dumps(about), step.now)
    return len(able)


def able_now(conn: Connection, broadcast: Broadcast, by: int, now: datetime) -> list[Member]:
    """Those on duty who may approve what `by` sends: neither they nor whoever wrote it."""
    centre = broadcast.announcement.centre or None
    return [
        one
        for one in duty.members(conn, now)
        if one.staff_id != by and not broadcast.written_by(one.staff_id) and may(one.scope, APPROVE, centre)
    ]


def tapped(room: Room, what: list[str]) -> None:
    """`5:yes:<digest>` · `5:no`."""
    match what:
        case [_, "yes", seen]:
            _yes(room, seen)
        case [one, "no"]:
            _no(room, number(one))
        case _:
            room.say(Line("phone.begin-again"))


def _yes(room: Room, seen: str) -> None:
    found = room.preview()
    if isinstance(found, Preview) and not found.digest.startswith(seen):
        found = Refusal.CHANGED
    done = found if isinstance(found, Refusal) else approved(room, found)
    if isinstance(done, Refusal):
        room.say(Line(f"phone.an-refused.{done}"))
        return
    room.say(Line("phone.ap-yes-said"), redraw=True)
    _tell(room, done, "yes")


def _no(room: Room, one: int) -> None:
    done = broadcasting.refuse(room.step.conn, room.scope, one, room.step.now)
    if isinstance(done, Refusal):
        room.say(Line(f"phone.an-refused.{done}"))
        return
    room.say(Line("phone.ap-no-said"), redraw=True)
    _tell(room, done, "no")


def _tell(room: Room, done: Broadcast, said: str) -> None:
    """Let its author know."""
    step, about = room.step, {"by": room.member.staff_id, "said": said}
    agenda.add(step.conn, TELL, None, _key(done, step.now), step.now, orjson.dumps(about), step.now)


def _key(one: Broadcast, now: datetime) -> str:
    return f"{one.id}:{int(now.timestamp() * 1000)}"
