"""A whole webhook body of the Graph API → Events and Reports (pure).

Never trusts a shape: any JSON gives these or ValueError. What is of another Page, or of no person, is
nothing to us; a kind nobody knows becomes an Unknown event, which is kept and not answered.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from bot.channels.channel import Report, TemplateRuled
from bot.channels.messenger.messages import Found, read_item
from bot.core.contact import Address
from bot.core.events import Event

Json = Mapping[str, Any]

_YEAR_9999: Final = 253_370_764_800_000  # milliseconds; later dates do not fit a datetime
_RULED: Final = "message_template_status_update"
_ID_MAX: Final = 32  # digits of a person's id within a Page
_NAME_MAX: Final = 512


class _Item(NamedTuple):
    """One entry of `messaging`, or of `standby`. `at`: milliseconds, 0 when it tells none."""

    at: int
    body: Json
    standby: bool


def read(raw: Json, account: str, now: datetime) -> tuple[Event | Report, ...]:
    """Everything in a body, oldest first; () for what is not between one person and this Page.

    Raises ValueError when it is no body of a Page's webhook.
    """
    if not isinstance(raw, Mapping) or raw.get("object") != "page":
        raise ValueError("not a Messenger body: it is of no page")
    page = account.partition(":")[2]
    items: list[_Item] = []
    ruled: list[Report] = []
    for entry in _list(raw.get("entry"), "entry"):
        if str(entry.get("id")) == page:
            items += _items(entry)
            ruled += _rulings(entry, account)
    items.sort(key=lambda item: item.at)  # stable: what has the same time stays in its order
    told = [one for item in items for one in _read(item, account, page, now)]
    return (*told, *ruled)


def _items(entry: Json) -> Iterator[_Item]:
    otherwise = _time(entry.get("time"))
    for kind in ("messaging", "standby"):
        for body in _list(entry.get(kind, []), kind):
            yield _Item(_time(body.get("timestamp")) or otherwise, body, kind == "standby")


def _read(item: _Item, account: str, page: str, now: datetime) -> Iterator[Event | Report]:
    sender, recipient = _id(item.body, "sender"), _id(item.body, "recipient")
    outgoing = sender == page
    person = recipient if outgoing else sender
    if not _is_person(person) or (not outgoing and recipient not in {page, ""}):
        return
    where = Address(account, person)
    at = _moment(item.at) or now
    for found in read_item(item.body, where, item.at, outgoing=outgoing):
        yield _event(found, where, at, item) if isinstance(found, Found) else found


def _event(found: Found, where: Address, at: datetime, item: _Item) -> Event:
    return Event(found.id, where, at, found.body, standby=item.standby)


def _rulings(entry: Json, account: str) -> Iterator[Report]:
    for change in _list(entry.get("changes", []), "changes"):
        value = change.get("value")
        if change.get("field") != _RULED or not isinstance(value, Mapping):
            continue
        name, language = value.get("message_template_name"), value.get("message_template_language")
        if isinstance(name, str) and isinstance(language, str) and 0 < len(name) <= _NAME_MAX:
            approved = value.get("event") == "APPROVED"
            yield TemplateRuled(account, f"{name}/{language[:_ID_MAX]}", approved=approved)


def _list(value: object, where: str) -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise ValueError(f"not a Messenger body: {where} is no list of objects")
    return value


def _id(body: Json, role: str) -> str:
    who = body.get(role)
    given = who.get("id") if isinstance(who, Mapping) else None
    return str(given) if isinstance(given, str | int) and not isinstance(given, bool) else ""


def _is_person(given: str) -> bool:
    return given.isascii() and given.isdigit() and len(given) <= _ID_MAX


def _time(value: object) -> int:
    known = isinstance(value, int) and not isinstance(value, bool) and 0 < value < _YEAR_9999
    return value if known and isinstance(value, int) else 0


def _moment(milliseconds: int) -> datetime | None:
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds else None
