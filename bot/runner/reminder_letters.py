"""What is written to people about an activity unasked: a reminder, what is new near them, what has changed.

Never names it where somebody asked for discretion, and never decides who is written to.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot.core.activity import Activity, Purpose, Sheet
from bot.core.activity_changes import Change
from bot.core.activity_words import day_of, said_stop, stop_of, when, where
from bot.core.channel import Template
from bot.core.contact import Contact, Language
from bot.core.message import Arg, Line, PlaceName
from bot.core.schedule import PHNOM_PENH
from bot.core.unasked import discreet
from bot.runner.mailing import Letter
from bot.runner.render import Voice
from bot.scripts import Release

# Utility templates by these names, if the platform has approved them: facts/channels.md §3.6.
REMINDER: Final = "activity_reminder"
CHANGED: Final = "activity_changed"
CANCELLED: Final = "activity_cancelled"


class Letters:
    """The letters of one activity, each made once for all who get the same."""

    def __init__(self, activity: Activity, live: Release) -> None:
        self._activity, self._live = activity, live
        self._made: dict[tuple[object, ...], Letter] = {}

    def reminder(self, to: Contact, stop: str, at: datetime, *, sets_out: bool = False) -> Letter:
        """What somebody asked to be reminded of. `stop`: key of where their bus leaves; `at`: see `Post`.

        `sets_out`: the last one, meant for the hours before; the evening before it says how to be ready.
        """
        hidden, days = discreet(to), _days(self._activity.sheet, at)
        eve = sets_out and days == 1
        key = ("reminder", to.language, hidden, stop, days, eve)
        if key not in self._made:
            discreetly = self._discreet("reminder.eve-discreet" if eve else "reminder.remind-discreet")
            self._made[key] = discreetly if hidden else self._remind(to, stop, days, eve=eve)
        return self._made[key]

    def new(self, to: Contact, purpose: Purpose) -> Letter:
        """What somebody wanted to hear of."""
        hidden = discreet(to)
        key = ("new", to.language, hidden, purpose)
        if key not in self._made:
            lines = self._described("reminder.new", to.language)
            first = (Line("reminder.new-discreet"),) if hidden else lines
            self._made[key] = Letter(first, (self._show, (f"a:off:{purpose}", Line("reminder.off"))))
        return self._made[key]

    def correction(
        self, to: Contact, was: Sheet, changed: tuple[Change, ...], *, busless: bool = False
    ) -> Letter:
        """What is otherwise than they were told, first of all. `busless`: that is the stop they chose."""
        hidden = discreet(to)
        key = ("changed", to.language, hidden, changed, day_of(was), busless)
        if key not in self._made:
            discreetly = self._discreet("reminder.changed-discreet")
            self._made[key] = (
                discreetly if hidden else self._changed(to.language, was, changed, busless=busless)
            )
        return self._made[key]

    @property
    def _show(self) -> tuple[str, Line]:
        return (f"a:{self._activity.id}", Line("reminder.show"))

    def _discreet(self, message: str) -> Letter:
        return Letter((Line(message, {"day": day_of(self._activity.sheet)}),), (self._show,))

    def _remind(self, to: Contact, stop: str, days: int, *, eve: bool) -> Letter:
        sheet, language = self._activity.sheet, to.language
        soon: dict[str, Arg] = {} if eve else {"soon": _soon(days)}
        lines = [*self._described("reminder.eve" if eve else "reminder.remind", language, **soon)]
        if (bus := stop_of(sheet, stop)) is not None:
            lines.append(Line("reminder.bus", {"stop": said_stop(bus, language)}))
        if sheet.bring:
            lines.append(Line("reminder.bring", {"what": sheet.bring.read_in(language)}))
        if eve:
            lines.append(Line("reminder.last"))
        cannot = (f"a:{self._activity.id}:cannot", Line("reminder.cannot"))
        return Letter(tuple(lines), (self._show, cannot), self._template(REMINDER, language))

    def _changed(
        self, language: Language, was: Sheet, changed: tuple[Change, ...], *, busless: bool
    ) -> Letter:
        title = self._activity.sheet.title.read_in(language)
        if changed == ("cancelled",):
            lines = (Line("reminder.cancelled", {"title": title, "day": day_of(was)}),)
            return Letter(lines, (self._show,), self._template(CANCELLED, language))
        lost = (Line("reminder.now-no-bus"),) if busless else ()
        news = (*lost, *self._news(language, changed))
        lines = (Line("reminder.changed", {"news": news, "title": title}),)
        choose = ((f"a:{self._activity.id}:bus", Line("reminder.choose-bus")),)
        buttons = (*(choose if busless and self._activity.sheet.stops else ()), self._show)
        return Letter(lines, buttons, self._template(CHANGED, language))

    def _news(self, language: Language, changed: tuple[Change, ...]) -> Iterator[Line]:
        sheet = self._activity.sheet
        for one in changed:
            match one:
                case "when":
                    yield Line("reminder.now-when", {"when": when(sheet)})
                case "where":
                    yield Line("reminder.now-where", {"where": where(sheet, language)})
                case "stops" if sheet.stops:
                    stops = tuple(said_stop(bus, language) for bus in sheet.stops)
                    yield Line("reminder.now-stops", {"stops": stops})
                case "stops":
                    yield Line("reminder.now-no-stops")
                case "cost" if sheet.cost:
                    yield Line("reminder.now-cost", {"riel": sheet.cost})
                case "cost":
                    yield Line("reminder.now-free")

    def _described(self, message: str, language: Language, **more: Arg) -> tuple[Line, ...]:
        sheet = self._activity.sheet
        said: dict[str, Arg] = {"title": sheet.title.read_in(language), "when": when(sheet), **more}
        return (Line(message, said | {"where": where(sheet, language)}),)

    def _template(self, name: str, language: Language) -> Template:
        """The same in approved words, each of which a platform lets stand in one line."""
        sheet, live = self._activity.sheet, self._live
        voice = Voice(live.words, live.words, live.book, language, {})
        said = {"title": sheet.title.read_in(language), "when": voice.argument(sheet.starts_at)}
        said["where"] = voice.say(place(sheet, language))
        return Template(name, language, tuple((key, " ".join(text.split())) for key, text in said.items()))


def _days(sheet: Sheet, at: datetime) -> int:
    """How many there are from the day on which it may leave, in Phnom Penh."""
    return (day_of(sheet).day - at.astimezone(PHNOM_PENH).date()).days


def _soon(days: int) -> Line:
    match days:
        case 0:
            return Line("reminder.today")
        case 1:
            return Line("reminder.tomorrow")
        case _:
            return Line("reminder.days", {"count": days})


def place(sheet: Sheet, language: Language) -> Line | PlaceName:
    """Where it is, within a sentence."""
    around = PlaceName(f"+{sheet.place}")
    if not sheet.venue:
        return around
    return Line("reminder.at", {"venue": sheet.venue.read_in(language), "place": around})
