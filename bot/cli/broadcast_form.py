"""What `spean broadcast draft` and `edit` are told, as an announcement; and why one can not go out, in words.

Never a command, and never keeps a draft.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer
from sqlalchemy import Connection

from bot.cli.options import MOST
from bot.cli.refused import Refused
from bot.cli.store import Store
from bot.core import segment as segments
from bot.core.activity import Bilingual
from bot.core.announcement import BUTTONS, LABEL, LONGEST, NAME, PURPOSES, Announcement, Fault, Link
from bot.core.enclosing import Enclosure, judge
from bot.core.segment import DAYS, NUMBERS, PARTS, VALUES, Segment, Wrong
from bot.runner import broadcast_leads
from bot.runner.broadcasting import Refusal
from bot.runner.library import Library
from storage import enclosures, releases
from storage.broadcasts import Broadcast

Number = Annotated[
    int, typer.Argument(min=0, max=MOST, metavar="ID", help="Its number (spean broadcast list).")
]
Who = Annotated[
    list[str] | None,
    typer.Option(
        "--who", metavar="PART=VALUE,…", help="Who gets it; again for another part (spean broadcast parts)."
    ),
]
Khmer = Annotated[str | None, typer.Option("--km", metavar="TEXT", help="The Khmer words.")]
English = Annotated[str | None, typer.Option("--en", metavar="TEXT", help="The English words.")]
Purpose = Annotated[
    str | None, typer.Option("--purpose", help="The consent that it needs: news, fairs, training or jobs.")
]
CentreOf = Annotated[
    str | None, typer.Option("--centre", help="Whose people it may reach; empty: everybody's.")
]
Picture = Annotated[
    str | None, typer.Option("--picture", metavar="FILE", help="A PNG or JPEG; empty: none any more.")
]
Recorded = Annotated[
    str | None, typer.Option("--voice", metavar="FILE", help="An OGG/Opus recording; empty: none any more.")
]
Buttons = Annotated[
    list[str] | None,
    typer.Option(
        "--button",
        metavar="KM|EN|TO",
        help="Up to three; TO: d:<dialog>, a:<activity>, a:list or https://…; empty: none any more.",
    ),
]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME", help="When it leaves: 2026-12-01T08:00; empty: once approved."),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="TIME", help="Nobody gets it later; empty: a week after it begins."),
]
PARTS_HELP = "spean broadcast parts lists the parts and their values"
FAULTS: Mapping[str, tuple[str, str]] = {
    "no words": ("there are no words", "write --km, --en or both"),
    "too long": ("its words are too long", f"{LONGEST} letters at most"),
    "too many buttons": (
        "there are too many buttons",
        f"{BUTTONS} at most, {BUTTONS - 1} unless the purpose is news",
    ),
    "label": ("a button's label is empty or too long", f"1 to {LABEL} letters in each language"),
    "target": ("nothing can be opened there", "write d:<dialog>, a:<activity>, a:list or https://…"),
    "times": ("it would end before it begins", "write a later --until"),
    "telling": (
        "whoever reads along learns why somebody gets it",
        "say it in a general way, enclose nothing and open no page, or choose people by something else",
    ),
    "name": ("its name is empty or too long", f"1 to {NAME} letters"),
    "no activity": ("there is no such activity", "spean activity list shows them"),
    "no dialog": ("there is no such dialog in the live Release", "lead to one that is: d:faq, d:menu…"),
    "unpublished": (
        "its button leads to an activity that is a draft still",
        "spean activity publish, or change --button",
    ),
    "called off": ("its button leads to an activity that was called off", "change --button"),
    "over": ("its button leads to an activity that is over when it leaves", "change --button or --at"),
}
REFUSALS: Mapping[Refusal, tuple[str, str]] = {
    Refusal.UNKNOWN: ("there is no such announcement within reach", "spean broadcast list shows yours"),
    Refusal.FORBIDDEN: ("you may not do this", "ask an administrator for the role of the centre"),
    Refusal.STATE: ("this is not possible in its state", "spean broadcast status tells its state"),
    Refusal.CHANGED: ("it was changed since you looked", "look again: spean broadcast preview"),
    Refusal.SECOND: ("somebody else must approve it", "ask a colleague who may: approve ID --as NAME"),
    Refusal.NOBODY: ("nobody would get it", "choose others: spean broadcast edit --who"),
    Refusal.FAULTY: ("it can not go out like this", "spean broadcast preview tells why"),
    Refusal.UNBEGUN: (
        "it ended before it began, so nobody is left whom it failed",
        "draft it anew: spean broadcast draft",
    ),
}


@dataclass(frozen=True, slots=True)
class Given:
    """The options as they were written; None leaves what is there."""

    chosen: Who = None
    km: Khmer = None
    en: English = None
    purpose: Purpose = None
    centre: CentreOf = None
    picture: Picture = None
    voice: Recorded = None
    buttons: Buttons = None
    send_at: At = None
    expires: Until = None


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command have the options of Given, which it gets together as `given`."""
    own = [one for one in signature(command).parameters.values() if one.name != "given"]
    hints = get_type_hints(Given, include_extras=True)
    options = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=hint) for name, hint in hints.items()
    ]

    @wraps(command)
    def run(**told: Any) -> None:  # noqa: ANN401 - any option
        given = Given(**{name: told.pop(name) for name in hints})
        command(**told, given=given)

    run.__annotations__ = get_type_hints(command, include_extras=True) | hints
    run.__annotations__.pop("given")
    run.__signature__ = Signature([*own, *options])  # type: ignore[attr-defined] # read by typer
    return run


def filled(store: Store, before: Announcement, given: Given) -> Announcement:
    """The announcement with what was given; files are kept in the store. Raises Refused."""
    changed: dict[str, Any] = {}
    if given.chosen is not None:
        changed["segment"] = _segment(store, given.chosen)
    words = {name: said for name in ("km", "en") if (said := getattr(given, name)) is not None}
    if words:
        changed["words"] = replace(before.words, **words)
    if given.purpose is not None:
        changed["purpose"] = _one_of("--purpose", given.purpose, PURPOSES)
    if given.centre is not None:
        known = [one.id for one in store.settings.centre]
        changed["centre"] = _one_of("--centre", given.centre, ["", *known])
    for name, kind in (("picture", "image"), ("voice", "voice")):
        if (file := getattr(given, name)) is not None:
            changed[name] = _enclosed(store, f"--{name}", file, kind) if file else ""
    if given.buttons is not None:
        changed["buttons"] = tuple(_button(one) for one in given.buttons if one)
    for name, option in (("send_at", "--at"), ("expires", "--until")):
        if (moment := getattr(given, name)) is not None:
            changed[name] = _moment(store, option, moment) if moment else None
    return replace(before, **changed)


def sound(store: Store, where: str, what: Announcement) -> Announcement:
    """The announcement, which says something and leads somewhere: else nobody could ever approve it.

    Raises Refused.
    """
    if not (what.words.km.strip() or what.words.en.strip()):
        raise stopped(where, (Fault("no words"),))
    if any(one.to.startswith("d:") for one in what.buttons) and (wrong := _lost(store, what)):
        raise stopped(where, wrong)
    return what


def made(where: str, found: int | Refusal | tuple[Fault, ...]) -> int:
    """The number of what was drafted. Raises Refused."""
    if isinstance(found, int):
        return found
    raise stopped(where, found)


def allowed(where: str, found: Broadcast | Refusal | tuple[Fault, ...]) -> Broadcast:
    """How it stands now. Raises Refused."""
    if isinstance(found, Broadcast):
        return found
    raise stopped(where, found)


def stopped(where: str, why: Refusal | tuple[Fault, ...]) -> Refused:
    """The refusal in words, the first fault of several."""
    if isinstance(why, Refusal):
        return Refused(where, *REFUSALS[why])
    said, cure = FAULTS[why[0].kind]
    return Refused(where, f"{said}: {why[0].what}" if why[0].what else said, cure, status=2)


def said_fault(fault: Fault) -> str:
    """A fault in one line."""
    said, cure = FAULTS[fault.kind]
    return f"{said}: {fault.what} ({cure})" if fault.what else f"{said} ({cure})"


def parts() -> list[tuple[str, str]]:
    """The parts of a segment and what may stand in each."""
    days = f"days, {DAYS[0]} to {DAYS[1]}"
    spoken = {"places": "gazetteer codes", "centres": "centres", "activity": "an activity's number"}
    spoken |= dict.fromkeys(("seen_within", "not_seen"), days)
    return [(name, spoken.get(name) or ", ".join(VALUES[name])) for name in PARTS]


def _lost(store: Store, what: Announcement) -> tuple[Fault, ...]:
    """The dialogs that it leads to and that nobody finds; before a first Release nobody knows."""

    def look(conn: Connection) -> tuple[Fault, ...]:
        live = releases.live(conn)
        found = Library().get(conn, live) if live else None
        return () if found is None else broadcast_leads.lost(what, found.book.dialogs)

    return store.read(look)


def _segment(store: Store, who: Iterable[str]) -> Segment:
    form: dict[str, Any] = {}
    for one in who:
        name, equals, values = one.partition("=")
        if one and not equals:
            raise Refused(f"--who {one}", "this is no part and its values", PARTS_HELP, status=2)
        if name:
            chosen = [value.strip() for value in values.split(",") if value.strip()]
            form[name.strip()] = chosen[0] if name in NUMBERS and len(chosen) == 1 else chosen
    found = segments.read(form)
    if isinstance(found, tuple):
        raise _no_segment(found)
    unknown = set(found.centres) - {one.id for one in store.settings.centre}
    if unknown:
        raise _no_segment(tuple(Wrong("centres", one) for one in sorted(unknown)))
    return found


def _no_segment(wrong: tuple[Wrong, ...]) -> Refused:
    said = "; ".join(
        f"{one.part} has no {one.value}" if one.value else f"there is no {one.part}" for one in wrong
    )
    return Refused("--who", said, PARTS_HELP, status=2)


def _one_of(option: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        choices = ", ".join(one for one in known if one)
        raise Refused(f"{option} {value}", "there is no such thing", f"write one of {choices}", status=2)
    return value


def _enclosed(store: Store, option: str, file: str, kind: str) -> str:
    try:
        body = Path(file).read_bytes()
    except OSError as error:
        raise Refused(f"{option} {file}", "it can not be read", "name a file", status=2) from error
    found = judge(body)
    if not isinstance(found, Enclosure) or found.kind != kind:
        wanted = "a PNG or JPEG" if kind == "image" else "an OGG/Opus recording"
        cure = f"give {wanted} that every channel shows"
        raise Refused(f"{option} {file}", f"it is not {wanted}, or too large", cure, status=2)
    store.run(lambda conn: enclosures.put(conn, found, store.now))
    return found.content


def _button(written: str) -> Link:
    km, first, rest = written.partition("|")
    en, second, to = rest.partition("|")
    if not (first and second):
        raise Refused(f"--button {written}", "this is no button", 'write "KM|EN|TO"', status=2)
    where = f"url:{to.strip()}" if to.strip().startswith("http") else to.strip()
    return Link(Bilingual(km.strip(), en.strip()), where)


def _moment(store: Store, option: str, written: str) -> datetime:
    try:
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise Refused(f"{option} {written}", "this is no time", "write 2026-12-01T08:00", status=2) from error
    if "T" not in written.upper() and " " not in written.strip():
        raise Refused(f"{option} {written}", "write the time too", f"write {found:%Y-%m-%d}T08:00", status=2)
    local = found if found.tzinfo else found.replace(tzinfo=store.settings.bot.timezone)
    if option == "--at" and local <= store.now:
        when, cure = f"{local:%Y-%m-%d %H:%M} is past", "write a time to come"
        raise Refused(f"{option} {written}", when, cure, status=2)
    return local.astimezone(UTC)
