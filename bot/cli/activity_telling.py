"""What the commands that change an activity tell whoever types them: its reminders, and who loses by it.

Never a command, and never changes anything.
"""

from collections.abc import Iterable

from bot.activity_cells import local
from bot.cli.output import counted, json_line, say
from bot.cli.people import desk
from bot.cli.store import Store
from bot.core.activity import Activity, Sheet
from bot.core.reminding import Reminder, moment
from bot.runner.losing import losing
from bot.runner.planning import Plan


def reminds(store: Store, planned: Iterable[Reminder]) -> list[dict[str, str | None]]:
    """Each reminder with the moment at which it leaves for who chose no hours; None: too late for it."""
    quiet = desk(store).quiet_hours
    found: list[dict[str, str | None]] = []
    for one in planned:
        when = moment(one, "any", quiet, store.now)
        found.append({"offset": one.offset, "at": local(when.at) if when else None})
    return found


def lost(store: Store, before: Activity, after: Sheet) -> list[str]:
    """How many people would lose what they have, a sentence for each thing."""
    found = store.read(lambda conn: losing(conn, before, after))
    lose, hold = ("person loses", "people lose"), ("person more holds", "people more hold")
    said = (
        (found.bus, lose, "the bus stop that they chose; they are told so first of all"),
        (found.bus_seats, hold, "a seat in a bus than it would have; call them"),
        (found.seats, hold, "a seat than there would be; call them"),
    )
    return [f"{counted(people, *do)} {what}" for people, do, what in said if people]


def said_plan(store: Store, plan: Plan, *, as_json: bool) -> None:
    """An activity as it stands now, and what was planned with it."""
    one, reminders = plan.activity, reminds(store, plan.reminders)
    if as_json:
        told = {"state": one.state, "revision": one.revision, "reminders": reminders}
        json_line({"id": one.id} | told | {"changes": plan.changes, "told": plan.told})
        return
    say(f"activity {one.id} is {one.state}, revision {one.revision}")
    for each in reminders:
        say(f"reminder {each['offset']}: {each['at'] or 'too late, it is left out'}")
    if plan.changes:
        say(f"told anew ({', '.join(plan.changes)}): at most {counted(plan.told, 'person', 'people')}")
