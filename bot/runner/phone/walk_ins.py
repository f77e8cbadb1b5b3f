"""Whoever comes to a fair without having registered: counted by sex and age, one tap for each.

Never asks for a name, and never keeps one.
"""

from collections.abc import Sequence
from datetime import date

from bot.core.message import Arg, Line
from bot.runner.phone.room import Button, Room
from storage import attendance
from storage.attendance import AGES, SEXES, Sex


def tapped(room: Room, activity_id: int, what: str, more: Sequence[str], day: date) -> None:
    """`walk` · `walk:woman` · `walk:woman:25-34` counts one · `less:woman:25-34` takes one back."""
    sex = next((one for one in SEXES if [one] == list(more[:1])), None)
    age = more[1] if len(more) > 1 and more[1] in AGES else ""
    if sex is None:
        _sexes(room, activity_id, day)
        return
    if age:
        by = 1 if what == "walk" else -1
        if attendance.count(room.step.conn, activity_id, day, sex, age, by):
            room.note("activity.walk-in", f"activity {activity_id} {sex} {age} {by:+}")
    _ages(room, activity_id, sex, day, age if what == "walk" else "")


def _sexes(room: Room, activity_id: int, day: date) -> None:
    here = f"to:{activity_id}"
    buttons: list[Button] = [(f"{here}:walk:{one}", Line(f"phone.walk-sex.{one}")) for one in SEXES]
    room.say(_counted(room, activity_id, day), buttons=[*buttons, (here, Line("phone.back"))], redraw=True)


def _ages(room: Room, activity_id: int, sex: Sex, day: date, last: str) -> None:
    """Every tap counts one more. `last`: the age that was just counted, to be taken back."""
    here = f"to:{activity_id}"
    buttons: list[Button] = [(f"{here}:walk:{sex}:{one}", Line(f"phone.walk-age.{one}")) for one in AGES]
    if last:
        buttons.append((f"{here}:less:{sex}:{last}", Line("phone.walk-less")))
    buttons.append((f"{here}:walk", Line("phone.back")))
    rows = [
        one for one in attendance.walk_ins(room.step.conn, activity_id) if (one.day, one.sex) == (day, sex)
    ]
    rows.sort(key=lambda one: AGES.index(one.age) if one.age in AGES else len(AGES))
    of_age = [
        Line("phone.walk-row", {"age": Line(f"phone.walk-age.{one.age}"), "count": one.count}) for one in rows
    ]
    ask = Line("phone.walk-ask-age", {"sex": Line(f"phone.walk-sex.{sex}")})
    room.say(_counted(room, activity_id, day), *of_age, ask, buttons=buttons, redraw=True)


def _counted(room: Room, activity_id: int, day: date) -> Line:
    rows = [one for one in attendance.walk_ins(room.step.conn, activity_id) if one.day == day]
    by_sex: dict[str, Arg] = {sex: sum(one.count for one in rows if one.sex == sex) for sex in SEXES}
    return Line("phone.walk", by_sex | {"count": sum(one.count for one in rows)})
