"""What the proofs ask a Book: where a node can lead, which dialogs share a submission, where a node stands.

Never judges what it finds (`check` does).
"""

from collections.abc import Iterator, Mapping

from bot.core.book import Book
from bot.core.dialog import (
    END,
    ActivitiesNode,
    CallNode,
    Choice,
    ChoiceNode,
    CodeNode,
    Dialog,
    EndNode,
    FaqNode,
    MultiChoiceNode,
    Node,
    RepeatNode,
    YesNoNode,
)
from bot.core.finding import Place


def place_of(dialog: Dialog, node: Node | None = None, key: str = "") -> Place:
    """Where in the files a node stands."""
    return Place(f"dialogs/{dialog.id}.toml", node.id if node else "", key)


def every_node(book: Book) -> Iterator[tuple[Dialog, Node]]:
    """All nodes with their dialogs, in file order."""
    for dialog in book.dialogs.values():
        for node in dialog.nodes.values():
            yield dialog, node


def choices_of(node: Node) -> Mapping[str, Choice]:
    """The choices of a node by where they stand in it."""
    match node.kind:
        case ChoiceNode(choices=choices) | MultiChoiceNode(choices=choices):
            return {f"choices.{choice.key}": choice for choice in choices}
        case YesNoNode(yes, no):
            return {"yes": yes, "no": no}
        case _:
            return {}


def targets(node: Node) -> Mapping[str, str]:
    """Every target written or implied in a node, by key."""
    found = {f"{key}.next": choice.next for key, choice in choices_of(node).items() if choice.next}
    if node.heard is not None:
        found["heard"] = node.heard
    found.update((f"branch.{at}.next", target) for at, (_, target) in enumerate(node.branches, 1))
    found["next"] = node.next
    if isinstance(node.kind, CodeNode) and node.kind.forgotten:
        found["forgotten"] = node.kind.forgotten
    return found


def ways(node: Node) -> frozenset[str]:
    """Targets that a walk can really take from here."""
    if isinstance(node.kind, EndNode):
        return frozenset({END, node.next} if node.show_if else {END})
    choices = choices_of(node).values()
    taken = {target for target in (node.heard, *(choice.next for choice in choices)) if target}
    if isinstance(node.kind, CodeNode) and node.kind.forgotten:
        taken.add(node.kind.forgotten)
    if node.optional or node.show_if or not choices or any(choice.next is None for choice in choices):
        taken |= {node.next, *(target for _, target in node.branches)}
    return frozenset(taken)


def called(node: Node) -> str | None:
    """The dialog that a node walks before it comes back."""
    return node.kind.dialog if isinstance(node.kind, CallNode | RepeatNode) else None


def replaced_by(node: Node) -> str | None:
    """The dialog that an end leads to."""
    return node.kind.then if isinstance(node.kind, EndNode) else None


def calls(dialog: Dialog) -> frozenset[str]:
    """Dialogs called or repeated."""
    return frozenset(name for node in dialog.nodes.values() if (name := called(node)))


def entries(book: Book) -> frozenset[str]:
    """Dialogs that can begin without a caller: by a route, by an end's `then`, or by their office."""
    ends = {name for _, node in every_node(book) if (name := replaced_by(node))}
    pages = {book.answers, book.activities}
    offices = {book.first, book.home, book.person, book.who, book.unasked, book.link, *pages} - {""}
    led = {
        name
        for _, node in every_node(book)
        if isinstance(node.kind, ActivitiesNode | FaqNode)
        for name in node.kind.leads.values()
    }
    return frozenset({*offices, *(route.dialog for route in book.routes), *ends, *led})


def reach(graph: Mapping[str, frozenset[str]], start: str) -> frozenset[str]:
    """What can be reached from `start` in one step or more."""
    seen: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting.extend(graph.get(one, ()))
    return frozenset(seen)


def shared_fields(book: Book) -> Mapping[str, Mapping[str, Node]]:
    """Dialog id → fields its conditions and messages can see: those that go to the same submission."""
    shared: dict[str, set[str]] = {name: set() for name in book.dialogs}
    for dialog in book.dialogs.values():
        fellows = {name for name in calls(dialog) if name in shared and not book.dialogs[name].submission}
        kind, _, other = (dialog.submission or "").partition(":")
        if kind == "latest" and other in shared:
            fellows.add(other)
        for fellow in fellows:
            shared[dialog.id].add(fellow)
            shared[fellow].add(dialog.id)
    graph = {name: frozenset(fellows) for name, fellows in shared.items()}
    return {
        name: {
            node.field: node
            for one in sorted({name, *reach(graph, name)})
            for node in book.dialogs[one].nodes.values()
            if node.field
        }
        for name in graph
    }
