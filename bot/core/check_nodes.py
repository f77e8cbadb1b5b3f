"""Proofs about single nodes and the files beside them: what they name exists, what they keep may be kept so.

Never follows a walk (`check_flow` does) and never looks at words.
"""

from collections.abc import Iterator

from bot.core.book import Book
from bot.core.dialog import (
    END,
    ActivitiesNode,
    ChoiceNode,
    Dialog,
    MultiChoiceNode,
    Node,
    NumberNode,
    PlaceNode,
    WhoNode,
    YesNoNode,
)
from bot.core.finding import Finding, Place, find
from bot.core.outline import (
    called,
    calls,
    choices_of,
    entries,
    every_node,
    place_of,
    reach,
    replaced_by,
    shared_fields,
    targets,
)

ROUTES = "dialogs/routes.toml"
SOURCES = frozenset(
    {
        "case.number",
        "case.answer_by",
        "case.opens",
        "centre.name",
        "centre.phone",
        "centre.hours",
        "centre.address",
        "centre.near",
        "hotlines",
    }
)


def check_book(book: Book) -> Iterator[Finding]:
    """Findings about nodes, fields, routes, centres and hotlines."""
    seen = shared_fields(book)
    for dialog in book.dialogs.values():
        yield from _check_dialog(book, dialog)
    for dialog, node in every_node(book):
        place = place_of(dialog, node)
        yield from _check_targets(book, dialog, node)
        yield from _check_kind(book, place, node)
        yield from _check_keeping(place, node)
        yield from _check_names(book, place, node, frozenset(seen[dialog.id]))
    yield from _check_field_kinds(book)
    yield from _check_storing(book)
    yield from _check_routes(book)
    yield from _check_offices(book)


def _check_dialog(book: Book, dialog: Dialog) -> Iterator[Finding]:
    if dialog.start not in dialog.nodes:
        yield find(place_of(dialog, key="dialog.start"), "start", target=dialog.start)
    kind, _, other = (dialog.submission or "").partition(":")
    if kind == "latest" and other not in book.dialogs:
        yield find(place_of(dialog, key="dialog.submission"), "dialog", dialog=other)


def _check_targets(book: Book, dialog: Dialog, node: Node) -> Iterator[Finding]:
    for key, target in targets(node).items():
        if target != END and target not in dialog.nodes:
            yield find(place_of(dialog, node, key), "target", target=target, dialog=dialog.id)
    for key, name in (("dialog", called(node)), ("then", replaced_by(node))):
        if name and name not in book.dialogs:
            yield find(place_of(dialog, node, key), "dialog", dialog=name)


def _check_kind(book: Book, place: Place, node: Node) -> Iterator[Finding]:
    match node.kind:
        case MultiChoiceNode(choices, exclusive):
            for key in sorted(exclusive - {choice.key for choice in choices}):
                yield find(place.at("exclusive"), "exclusive", name=key)
        case NumberNode(least, most) if least > most:
            yield find(place.at("least"), "bounds")
        case PlaceNode(first=first):
            for code in first:
                if len(code) != 2 or book.places.by_code(code) is None:
                    yield find(place.at("first"), "place-code", code=code)
        case ActivitiesNode(leads):
            for name, target in leads.items():
                if target not in book.dialogs:
                    yield find(place.at(f"leads.{name}"), "dialog", dialog=target)
        case _:
            return


def _check_keeping(place: Place, node: Node) -> Iterator[Finding]:
    if not node.coarse:
        return
    if node.sensitivity == "S2":
        yield find(place.at("coarse"), "coarse-sensitive")
    if not isinstance(node.kind, ChoiceNode | MultiChoiceNode | YesNoNode | PlaceNode):
        yield find(place.at("coarse"), "coarse-open")


def _check_names(book: Book, place: Place, node: Node, fields: frozenset[str]) -> Iterator[Finding]:
    hotlines = {f"hotlines.{name}" for name in book.hotlines}
    for name, source in node.args.items():
        if source not in SOURCES | hotlines | fields:
            yield find(place.at(f"args.{name}"), "source", source=source)
    for key, choice in choices_of(node).items():
        if choice.marks and choice.marks not in fields:
            yield find(place.at(f"{key}.marks"), "field", field=choice.marks)


def _check_field_kinds(book: Book) -> Iterator[Finding]:
    first: dict[str, tuple[Dialog, Node]] = {}
    for dialog, node in every_node(book):
        if not node.field:
            continue
        other, same = first.setdefault(node.field, (dialog, node))
        if type(same.kind) is not type(node.kind) or same.sensitivity != node.sensitivity:
            yield find(
                place_of(dialog, node, "field"),
                "field-kinds",
                field=node.field,
                other=f"{other.id}.{same.id}",
            )


def _check_storing(book: Book) -> Iterator[Finding]:
    """A dialog that can run without any submission must not store."""
    homeless = {name for name, dialog in book.dialogs.items() if not dialog.submission}
    graph = {name: frozenset(calls(book.dialogs[name]) & homeless) for name in homeless}
    starts = entries(book) & homeless
    for name in sorted(starts | {one for start in starts for one in reach(graph, start)}):
        dialog = book.dialogs[name]
        for node in dialog.nodes.values():
            if node.field:
                yield find(place_of(dialog, node, "field"), "nowhere", field=node.field)


def _check_routes(book: Book) -> Iterator[Finding]:
    offices = {
        "first": book.first,
        "home": book.home,
        "person": book.person,
        "who": book.who,
        "unasked": book.unasked,
        "link": book.link,
        "answers": book.answers,
        "activities": book.activities,
    }
    for office, name in offices.items():
        if name and name not in book.dialogs:
            yield find(Place(ROUTES, key=office), "dialog", dialog=name)
    who = book.dialogs.get(book.who)
    if who and who.start in who.nodes and not isinstance(who.nodes[who.start].kind, WhoNode):
        yield find(place_of(who, who.nodes[who.start], "kind"), "who-first", dialog=book.who)
    owners: dict[str, str] = {}
    for route in book.routes:
        if route.dialog not in book.dialogs:
            yield find(Place(ROUTES, route.dialog, "dialog"), "dialog", dialog=route.dialog)
        for command in route.commands:
            other = owners.setdefault(command, route.dialog)
            if other != route.dialog:
                yield find(
                    Place(ROUTES, route.dialog, "commands"), "command-twice", name=command, dialog=other
                )


def _check_offices(book: Book) -> Iterator[Finding]:
    for centre in book.centres.values():
        for key, codes in (("province", (centre.province,)), ("near", centre.near)):
            for code in codes:
                if book.places.by_code(code) is None:
                    yield find(Place("dialogs/centres.toml", centre.id, key), "place-code", code=code)
    for hotline in book.hotlines.values():
        if hotline.province and book.places.by_code(hotline.province) is None:
            place = Place("dialogs/hotlines.toml", hotline.id, "province")
            yield find(place, "place-code", code=hotline.province)
