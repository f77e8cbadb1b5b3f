"""The door of the room: which command, button, scan or words of staff go to which work.

Never does any of it, and lets nobody in whose duty is over.
"""

from collections.abc import Mapping

from bot.core.events import Body, Command, Start, Tap, Text
from bot.core.message import Line
from bot.core.on_duty import TAP, TICKET
from bot.core.safety import alarm
from bot.runner.phone import announcing, approving, fair_making, fairs, today
from bot.runner.phone.room import Room, opened
from bot.runner.step import Step
from storage import duty
from storage.duty import Member
from storage.staff import Action

COMMANDS: Mapping[str, tuple[Action, ...]] = {
    "announce": ("broadcast.draft",),
    "fair": ("broadcast.draft", "activity.attend"),
    "today": ("activity.attend",),
}


def commands(member: Member) -> tuple[Line, ...]:
    """What they may write in this chat; nothing to whom nothing here is allowed."""
    grants = member.grants
    allowed = [
        f"/{name}"
        for name, actions in COMMANDS.items()
        if any(one.allows(action, restricted=False) for one in grants for action in actions)
    ]
    return (Line("phone.commands", {"commands": " ".join(allowed)}),) if allowed else ()


def work(step: Step, body: Body) -> bool:
    """Do what a member of staff wants; False when it is nothing that is known here."""
    member = duty.at(step.conn, step.contact.id, step.now)
    if member is None:
        return False
    room = opened(step, member, body)
    match body:
        case Command("announce"):
            announcing.begin(room)
        case Command("fair"):
            fairs.begin(room)
        case Command("today"):
            today.begin(room)
        case Start(payload):
            today.scanned(room, payload.removeprefix(TICKET))
        case Tap(payload):
            return _tapped(room, payload.removeprefix(TAP).split(":"))
        case Text(words):
            _written(room, words.strip())
        case _:
            return False
    return True


def _tapped(room: Room, what: list[str]) -> bool:
    match what:
        case ["an", *more] if more:
            announcing.tapped(room, more)
        case ["ap", *more] if more:
            approving.tapped(room, more)
        case ["fa", *more] if more:
            fairs.tapped(room, more)
        case ["to", *more] if more:
            today.tapped(room, more)
        case _:
            return False
    return True


def _written(room: Room, words: str) -> None:
    """What staff write for others is never taken for their own trouble (`on_duty.writes`); but it may be."""
    if alarm(room.step.live.book.safety, words) == "danger":
        room.say(Line("phone.danger"))
    match room.asked.partition(":")[0]:
        case announcing.DOING:
            announcing.written(room, words)
        case fair_making.DOING:
            fair_making.written(room, words)
        case today.DOING:
            today.written(room, words)
        case _:
            room.say(Line("phone.begin-again"))
