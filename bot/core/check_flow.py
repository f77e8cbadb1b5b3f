"""Proofs about walking: every node can be reached and can end, nothing turns in circles without waiting.

Never looks at words or at what conditions mean: any condition may hold or not.
"""

from collections.abc import Iterator, Mapping

from bot.core.book import Book
from bot.core.dialog import END, CallNode, CodeNode, Dialog, EndNode, Node, SayNode
from bot.core.finding import Finding, find
from bot.core.outline import called, calls, entries, every_node, place_of, reach, replaced_by, ways


def check_flow(book: Book) -> Iterator[Finding]:
    """Findings about reachability, endings, loops and recursion. Missing targets are reported elsewhere."""
    for dialog in book.dialogs.values():
        yield from _check_walk(dialog)
    yield from _check_orphans(book)
    yield from _check_recursion(book)
    yield from _check_loops(book)


def _check_walk(dialog: Dialog) -> Iterator[Finding]:
    if dialog.start not in dialog.nodes:
        return
    forward = {node.id: ways(node) for node in dialog.nodes.values()}
    met = reach(forward, dialog.start) | {dialog.start}
    for node in dialog.nodes.values():
        if node.id not in met:
            yield find(place_of(dialog, node), "unreachable")
        elif END not in reach(forward, node.id):
            yield find(place_of(dialog, node), "endless")


def _check_orphans(book: Book) -> Iterator[Finding]:
    graph = {dialog.id: calls(dialog) for dialog in book.dialogs.values()}
    starts = entries(book)
    met = {name for start in starts for name in reach(graph, start)} | starts
    for dialog in book.dialogs.values():
        if dialog.id not in met:
            yield find(place_of(dialog, key="dialog.id"), "orphan")


def _check_recursion(book: Book) -> Iterator[Finding]:
    for circle in _circles({dialog.id: calls(dialog) for dialog in book.dialogs.values()}):
        dialog = book.dialogs[circle[0]]
        node = next(node for node in dialog.nodes.values() if called(node) in circle)
        yield find(place_of(dialog, node, "dialog"), "recursion", dialogs=", ".join(circle))


def _check_loops(book: Book) -> Iterator[Finding]:
    silent = _silent_dialogs(book)
    at = {f"{dialog.id}.{node.id}": (dialog, node) for dialog, node in every_node(book)}
    graph = {name: _silent_steps(book, *where, silent) for name, where in at.items()}
    for circle in _circles(graph):
        dialog, node = at[circle[0]]
        yield find(place_of(dialog, node), "loop", nodes=", ".join(circle))
    if book.home in silent:
        home = book.dialogs[book.home]
        yield find(place_of(home, key="dialog.start"), "loop", nodes=book.home)


def _silent_steps(book: Book, dialog: Dialog, node: Node, silent: frozenset[str]) -> frozenset[str]:
    """Nodes, anywhere, that may follow without a word of the person."""
    steps = {f"{dialog.id}.{target}" for target in _passed(node, silent) if target in dialog.nodes}
    for name in (called(node), replaced_by(node)):
        if name and name in book.dialogs:
            steps.add(f"{name}.{book.dialogs[name].start}")
    return frozenset(steps)


def _passed(node: Node, silent: frozenset[str]) -> frozenset[str]:
    """Targets in the same dialog that may follow without a word of the person."""
    match node.kind:
        case SayNode():
            return ways(node)
        case CallNode(dialog=name) if name in silent:
            return ways(node)
        case CodeNode(new=False, link=False):
            return frozenset({node.next, *(target for _, target in node.branches)})
        case EndNode(then=then) if then is None or then in silent:
            return ways(node)
        case _:
            return frozenset({node.next}) if node.show_if else frozenset()


def _silent_dialogs(book: Book) -> frozenset[str]:
    """Dialogs that may be walked from start to end without a word of the person."""
    silent: frozenset[str] = frozenset()
    while True:
        found = frozenset(
            dialog.id
            for dialog in book.dialogs.values()
            if END in reach({node.id: _passed(node, silent) for node in dialog.nodes.values()}, dialog.start)
        )
        if found == silent:
            return silent
        silent = found


def _circles(graph: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, ...]]:
    """Each set of names that lead back to themselves, once, in the graph's order."""
    reached = {name: reach(graph, name) for name in graph}
    told: set[str] = set()
    for name in graph:
        if name in reached[name] and name not in told:
            circle = tuple(one for one in graph if one in reached[name] and name in reached[one])
            told.update(circle)
            yield circle
