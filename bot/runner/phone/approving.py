"""The second person: whoever may approve an announcement is asked by phone, and says yes or no with a tap.

Never asks its author, and never counts a yes to something else than what was shown.
"""

from bot.core.message import Arg, Line, Verbatim
from bot.runner import broadcasting, mailing
from bot.runner.broadcasting import Refusal
from bot.runner.mailing import Letter, Post
from bot.runner.notice import say
from bot.runner.phone.looking import number
from bot.runner.phone.room import Room
from bot.runner.previewing import Preview
from storage import duty
from storage.broadcasts import Broadcast
from storage.duty import Member
from storage.outbox import Lane
from storage.staff import Action, may

APPROVE: Action = "broadcast.approve"
SEEN = 16  # letters of the digest that a button carries


def approved(room: Room, found: Preview) -> Broadcast | Refusal:
    """Approve what was just shown, as far as whoever is in the room may."""
    step = room.step
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
    """Ask everybody on duty who may approve it; the number of them."""
    step, broadcast = room.step, found.broadcast
    able = [one for one in duty.members(step.conn, step.now) if _able(room, one, broadcast)]
    people = mailing.load(step.conn, room.desk, sorted(one.contact_id for one in able), step.now)
    words = broadcast.announcement.words
    about: dict[str, Arg] = {"name": room.member.name, "people": found.people, "who": found.who}
    written = (Verbatim(one) for one in (words.km, words.en) if one)
    said: tuple[Line | Verbatim, ...] = (Line("phone.ap-ask", about), *written)
    here = f"s:ap:{broadcast.id}"
    yes, no = f"{here}:yes:{found.digest[:SEEN]}", f"{here}:no"
    letter = Letter(said, ((yes, Line("phone.ap-yes")), (no, Line("phone.ap-no"))))
    asked = int(step.now.timestamp())
    posts = [
        Post(one, letter, Lane.STAFF, f"approve:{broadcast.id}:{asked}:{one.person.contact.id}")
        for one in people
    ]
    mailing.mail(step.conn, room.desk, posts, step.now)
    return len(posts)


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
    _tell(room, done, "phone.ap-yes-told")


def _no(room: Room, one: int) -> None:
    done = broadcasting.refuse(room.step.conn, room.scope, one, room.step.now)
    if isinstance(done, Refusal):
        room.say(Line(f"phone.an-refused.{done}"))
        return
    room.say(Line("phone.ap-no-said"), redraw=True)
    _tell(room, done, "phone.ap-no-told")


def _tell(room: Room, done: Broadcast, said: str) -> None:
    """Let its author know, where they are on duty."""
    step = room.step
    author = duty.member(step.conn, done.staff_id, step.now)
    if author is None:
        return
    deed = "how" if done.state == "approved" else "preview"
    button = (f"s:an:{done.id}:{deed}", f"phone.an-do.{deed}")
    line = Line(said, {"name": room.member.name})
    say(step.conn, room.desk, author.contact_id, (line,), step.now, button=button)


def _able(room: Room, member: Member, broadcast: Broadcast) -> bool:
    centre = broadcast.announcement.centre or None
    return member.staff_id not in {broadcast.staff_id, room.member.staff_id} and may(
        member.scope, APPROVE, centre
    )
