"""When an announcement leaves: once it is approved, or at a time that a tap chooses, outside the quiet hours.

Never lets anything out, and never offers an hour in which nobody may be written to.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from bot.core.announcement import Announcement
from bot.core.message import Line
from bot.core.schedule import PHNOM_PENH
from bot.runner.phone.room import Button, Room

AT_ONCE = "now"
FORM = "%Y%m%d%H%M"  # of a moment in a payload: it means the same whenever the button is pressed
TIMES: Mapping[str, tuple[int, time]] = {  # days from today, and the hour in Phnom Penh
    "evening": (0, time(17)),
    "morning": (1, time(8)),
    "next-evening": (1, time(17)),
}
LATEST = timedelta(days=2)  # from the tap: tomorrow evening is sooner


def show(room: Room, one: int, *, late: bool = False) -> None:
    """The times to choose from. `late`: the one that was chosen is past by now."""
    here = f"an:{one}"
    buttons: list[Button] = [(f"{here}:when:{AT_ONCE}", Line(f"phone.an-when.{AT_ONCE}"))]
    buttons += [
        (f"{here}:when:{at.astimezone(PHNOM_PENH):{FORM}}", Line(f"phone.an-when.{name}"))
        for name, at in _offered(room).items()
    ]
    head = (Line("phone.an-too-late"),) if late else ()
    room.say(
        *head, Line("phone.an-when"), buttons=[*buttons, (f"{here}:preview", Line("phone.back"))], redraw=True
    )


def read(written: str, now: datetime) -> datetime | None:
    """The moment of a button; None when it is past, or of no hour that is ever offered."""
    try:
        at = datetime.strptime(written, FORM).replace(tzinfo=PHNOM_PENH)
    except ValueError:
        return None
    offered = any(at.time() == hour for _, hour in TIMES.values())
    return at.astimezone(UTC) if offered and now < at < now + LATEST else None


def told(announcement: Announcement, now: datetime) -> tuple[Line, ...]:
    """When it leaves, where that is not at once."""
    at = announcement.send_at
    return () if at is None or at <= now else (Line("phone.an-at", {"time": at}),)


def _offered(room: Room) -> Mapping[str, datetime]:
    now, quiet = room.step.now, room.step.kit.quiet_hours
    today = now.astimezone(PHNOM_PENH).date()
    moments = {
        name: datetime.combine(today + timedelta(days=days), hour, PHNOM_PENH).astimezone(UTC)
        for name, (days, hour) in TIMES.items()
    }
    return {name: at for name, at in moments.items() if at > now and not quiet.cover(at)}
