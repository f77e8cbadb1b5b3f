"""What pages of activities look like: the list, one with its buttons, who comes along, an employer.

Never changes the session and never looks anything up: the draft of the frame says which page it is, the shelf
holds the activities.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.core import activity_party, activity_reminds, activity_words
from bot.core.activity import OPEN, SECTORS, Activity, Employer, Registration
from bot.core.activity_draft import ANY, MINE, THEIRS, Listing, activity_of, answering, listing
from bot.core.activity_effects import ActivitiesTold
from bot.core.activity_near import Found, find, sectors_of, wishes_of
from bot.core.activity_node import leads
from bot.core.activity_party import NO, YES
from bot.core.ages import MINORS
from bot.core.asking import Asked
from bot.core.book import Shelf
from bot.core.dialog import ActivitiesNode, Kind
from bot.core.message import Arg, Button, Line, OutMessage, PlaceName, Verbatim

SHOW, SECTOR, LEAD, EMPLOYER = "a", "sector-", "lead-", "e-"  # keys: `a12`, `sector-garment`, `e-0`
PLACE = "p-"  # `p-1501`
FAR, ALL, SUITED, BY_SECTOR, MORE, LIST = "far", "all", "suited", "sectors", "more", "list"
TAKE, LEAVE = "take", "leave"  # a seat that was offered
PIN, CALENDAR, TICKET, INVITE, EMPLOYERS = "pin", "calendar", "ticket", "invite", "employers"
COMING = ("come", "bus", "maybe", "cannot")
REMIND = "remind"
BELOW_ONE = (activity_reminds.CALL, activity_reminds.APP)  # leads that the list does not show
BUTTONS = (
    *(FAR, ALL, SUITED, BY_SECTOR, MORE, LIST, TAKE, LEAVE),
    *(PIN, CALENDAR, TICKET, INVITE, EMPLOYERS),
    *COMING,
    "remind",
    "no-remind",
    "alone",
    "no-children",
)


def labels(kinds: Iterable[Kind]) -> Iterator[str]:
    """The message ids of everything that a button of these pages may say."""
    pages = [kind for kind in kinds if isinstance(kind, ActivitiesNode)]
    if pages:
        yield from (_own(name) for name in BUTTONS)
        yield from (_own(f"sector.{one}") for one in SECTORS)
    yield from dict.fromkeys(_own(f"lead.{name}") for kind in pages for name in kind.leads)


def _own(name: str) -> str:
    """The label of a button: an offered seat is taken and left by the same words as in the letter."""
    if name in (TAKE, LEAVE):
        return f"activity.offer-{name}"
    return f"activities.{name}" if name.startswith(("sector.", "lead.")) else f"activities.do-{name}"


def page(message: OutMessage, asked: Asked, shelf: Shelf) -> OutMessage:
    """The question of an ActivitiesNode: words and buttons of its page, always those of the live Release."""
    before = message.lines[:-1]  # notes; the last line is the node's own, which heads the list
    lines = tuple(_lines(asked, shelf))
    return replace(message, release=shelf.live.digest, lines=(*before, *lines), buttons=buttons(asked, shelf))


def told(asked: Asked, shelf: Shelf) -> tuple[ActivitiesTold, ...]:
    """What is to be remembered of a page that is said: which facts the person was shown."""
    draft = asked.frame.draft
    if (one := activity_at(asked, shelf)) is not None:
        shown: tuple[Activity, ...] = (one,) if draft[0] == "show" else ()
    else:
        shown = found(asked, shelf).activities if draft[:1] in ((), ("list",)) else ()
    return (ActivitiesTold(tuple((one.id, one.revision) for one in shown)),) if shown else ()


def activity_at(asked: Asked, shelf: Shelf) -> Activity | None:
    """The activity that the page is about; None on lists, and when it is known no more."""
    number = activity_of(asked.frame.draft)
    return None if number is None else shelf.board.activities.get(number)


def found(asked: Asked, shelf: Shelf) -> Found:
    """What a list shows."""
    return find(shelf.board, asked.view, listing(asked.frame.draft) or Listing())


def employers(one: Activity) -> tuple[Employer, ...]:
    """Whom the centre can introduce somebody to."""
    return one.sheet.shown


def open_(asked: Asked, one: Activity) -> bool:
    """Whether one can still answer that one comes."""
    return one.state in OPEN and one.sheet.ends_at > asked.view.now


# --- words -------------------------------------------------------------------------------------


def _lines(asked: Asked, shelf: Shelf) -> Iterator[Line | Verbatim]:
    draft, language = asked.frame.draft, asked.view.contact.language
    one = activity_at(asked, shelf)
    waiting = answering(draft)
    match draft:
        case ("sectors", *_):
            yield Line("activities.which-sector")
        case ("places", *_):
            yield Line("bot.places-many")
        case ("money", *_):
            yield Line("activities.money")
        case () | ("list", *_):
            yield from _listed(asked, shelf)
        case _ if one is None:
            yield Line("activities.gone")
        case ("show", _):
            mine = shelf.board.mine.get(one.id)
            yield from activity_words.details(one, mine, language, asked.view.now)
        case ("ask", *_) if waiting is not None:
            yield Line(f"activities.ask-{waiting.step}")
        case ("employers", _):
            yield Line("activities.which-employer")
        case ("introduce", _, key) if (met := _employer(one, key)) is not None:
            yield Line("activities.introduce", {"employer": met.name.read_in(language)})
        case ("done", _, "remind") if "remind" in {button.key for button in _onwards(asked, one, shelf)}:
            yield Line("activities.remind-now")
        case _:
            yield Line("activities.next")


def _employer(one: Activity, key: str) -> Employer | None:
    return next((met for met in employers(one) if met.key == key), None)


def _listed(asked: Asked, shelf: Shelf) -> Iterator[Line]:
    chosen, shown = listing(asked.frame.draft) or Listing(), found(asked, shelf)
    if not shown.groups:
        yield Line("activities.none")
        return
    if not asked.frame.draft:  # who looks further has read it
        yield Line(asked.node.text)
    if chosen.place:
        yield Line("activities.around", {"place": PlaceName(f"+{chosen.place}")})
    if chosen.sector in SECTORS:
        yield Line("activities.of-sector", {"sector": Line(f"activities.sector.{chosen.sector}")})
    elif chosen.sector == MINE and shown.others:
        yield Line("activities.suited")
    elif chosen.sector == THEIRS:
        yield Line("activities.theirs")
    for near, group in shown.groups:
        rows = tuple(_row(one, asked) for one in group)
        here = "anywhere" if chosen.place and near != "elsewhere" else near  # not where they live
        yield Line(f"activities.in-{here}", {"list": rows})


def _row(one: Activity, asked: Asked) -> Line:
    said: dict[str, Arg] = {
        "title": one.sheet.title.read_in(asked.view.contact.language),
        "day": activity_words.day_of(one.sheet),
        "place": PlaceName(one.sheet.place),
    }
    return Line("activities.row-cancelled" if one.state == "cancelled" else "activities.row", said)


# --- buttons -----------------------------------------------------------------------------------


def buttons(asked: Asked, shelf: Shelf) -> tuple[Button, ...]:
    """The buttons of the page, in order."""
    draft, now = asked.frame.draft, asked.view.now
    one, waiting = activity_at(asked, shelf), answering(draft)
    match draft:
        case ("sectors", *_):
            return tuple(
                Button(f"{SECTOR}{name}", Line(f"activities.sector.{name}"))
                for name in sectors_of(shelf.board, now)
            )
        case ("places", *codes):
            return tuple(Button(f"{PLACE}{code}", PlaceName(f"+{code}")) for code in codes)
        case ("money", *_) | ("introduce", *_):
            return (Button(YES, Line("bot.yes")), Button(NO, Line("bot.no")))
        case () | ("list", *_):
            return tuple(_of_list(asked, shelf))
        case _ if one is None:
            return (_do(LIST),)
        case ("show", _):
            return tuple(_of_one(asked, one, shelf))
        case ("ask", *_) if waiting is not None:
            return activity_party.buttons(waiting, one, asked.view.contact.language, now)
        case ("employers", _):
            return tuple(
                Button(f"{EMPLOYER}{at}", Verbatim(met.name.read_in(asked.view.contact.language)))
                for at, met in enumerate(employers(one))
            )
        case _:
            return tuple(_onwards(asked, one, shelf))


def _do(name: str, *, ticked: bool = False) -> Button:
    return Button(name, Line(_own(name)), ticked=ticked)


def _of_list(asked: Asked, shelf: Shelf) -> Iterator[Button]:
    chosen, shown = listing(asked.frame.draft) or Listing(), found(asked, shelf)
    for one in shown.activities:
        mine = shelf.board.mine.get(one.id)
        yield _named(asked, one, ticked=mine is not None and mine.coming in ("come", "bus"))
    if shown.more:
        yield _do(MORE)
    if shown.far:
        yield _do(FAR)
    if chosen.sector != ANY and shown.others:
        yield _do(ALL)
    if chosen.sector != MINE and wishes_of(asked.view):
        yield _do(SUITED)
    if len(sectors_of(shelf.board, asked.view.now)) > 1:
        yield _do(BY_SECTOR)
    yield from (_lead(name) for name in leads(asked) if name not in BELOW_ONE)


def _lead(name: str) -> Button:
    return Button(f"{LEAD}{name}", Line(_own(f"lead.{name}")))


def _named(asked: Asked, one: Activity, *, ticked: bool = False) -> Button:
    """The activity itself; in short by its day and place."""
    day = activity_words.day_of(one.sheet).day
    short = Line(
        "activities.short", {"day": day.day, "month": day.month, "place": PlaceName(one.sheet.place)}
    )
    title = Verbatim(one.sheet.title.read_in(asked.view.contact.language))
    return Button(f"{SHOW}{one.id}", title, short, ticked)


def _of_one(asked: Asked, one: Activity, shelf: Shelf) -> Iterator[Button]:
    """How to answer, the present answer ticked; then what can be had besides."""
    mine = shelf.board.mine.get(one.id)
    if open_(asked, one):
        if mine is not None and mine.seat == "offered":
            yield from (_do(TAKE), _do(LEAVE))
        else:
            bus = activity_party.open_stops(one.sheet, asked.view.now)
            for name in COMING:
                if name != "bus" or bus:
                    yield _do(name, ticked=mine is not None and mine.coming == name)
        yield from _besides(asked, one, mine, shelf)
        if employers(one) and not _minor(asked):
            yield Button(EMPLOYERS, Line(_own(EMPLOYERS)), Line("activities.short-employers"))


def _minor(asked: Asked) -> bool:
    """Whether the person is a child, whose name goes to no employer."""
    age = asked.view.look("any.age")
    return getattr(age, "key", "") in MINORS


def _seated(mine: Registration | None) -> bool:
    return mine is not None and bool(mine.ticket) and mine.seat == "held"


def _to_remind(asked: Asked, one: Activity, shelf: Shelf) -> Iterator[Button]:
    """What somebody can do to be reminded: ask for it; where nothing reaches them, let us reach them."""
    if activity_reminds.asks(asked.view.contact, shelf.board, one, asked.view.now):
        yield _do("remind")
    for name in activity_reminds.ways(asked, shelf.board, one, minor=_minor(asked)):
        if name in leads(asked):
            yield _lead(name)


def _besides(asked: Asked, one: Activity, mine: Registration | None, shelf: Shelf) -> Iterator[Button]:
    if mine is not None and mine.coming in ("come", "bus", "maybe"):
        if mine.remind == "none":
            yield from _to_remind(asked, one, shelf)
        else:
            yield _do("no-remind")
        if _seated(mine):
            yield _do(TICKET)
    if one.sheet.point is not None:
        yield _do(PIN)
    yield from (_do(CALENDAR), _do(INVITE))


def _onwards(asked: Asked, one: Activity, shelf: Shelf) -> Iterator[Button]:
    """After an answer: the activity again, its files, the list."""
    mine = shelf.board.mine.get(one.id)
    yield _named(asked, one)
    if open_(asked, one):
        just = asked.frame.draft[2:]  # they have just answered, and the shelf does not know it yet
        seated = just == (TICKET,) or (just != ("none",) and _seated(mine))
        if seated:
            yield _do(TICKET)
        if just == (REMIND,) or (seated and not shelf.board.reminds):
            yield from _to_remind(asked, one, shelf)
        yield from _besides(asked, one, None, shelf)
    yield _do(LIST)
