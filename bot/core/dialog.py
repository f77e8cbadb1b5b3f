"""A Dialog of Nodes as the engine sees it, every reference already checked.

Never reads a file (`bot.scripts` compiles files to this) and holds no sentence, only message ids.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.core.actions import Action
from bot.core.condition import Condition

Sensitivity = Literal["S0", "S1", "S2"]
END = "end"  # the target that ends the dialog and returns to the caller


@dataclass(frozen=True, slots=True)
class Choice:
    """One option. Its label is the message `<dialog>.<node>.<key>` (`labels` elsewhere: see `label`).

    `phrases`: more ways people write it. `marks`: a field; ✓ is shown once it is answered. `between`: the
    typed numbers, both included, that mean it; then numbers do not count the list.
    """

    key: str
    label: str
    short: str | None = None
    next: str | None = None
    when: Condition | None = None
    do: tuple[Action, ...] = ()
    phrases: tuple[str, ...] = ()
    marks: str | None = None
    between: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SayNode:
    """Says its message and goes on."""


@dataclass(frozen=True, slots=True)
class ChoiceNode:
    """One of `choices`. `sticky`: the buttons stay of use (menus). `ages`: its numbers are years of age."""

    choices: tuple[Choice, ...]
    sticky: bool = False
    ages: bool = False


@dataclass(frozen=True, slots=True)
class MultiChoiceNode:
    """Any of `choices`; one in `exclusive` (none, not sure) rules the others out."""

    choices: tuple[Choice, ...]
    exclusive: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class YesNoNode:
    """Yes or no; the two choices have the keys `yes` and `no`."""

    yes: Choice
    no: Choice


@dataclass(frozen=True, slots=True)
class TextNode:
    """Free words, at most `longest` characters kept."""

    longest: int = 1000


@dataclass(frozen=True, slots=True)
class NameNode:
    """What to call the person."""


@dataclass(frozen=True, slots=True)
class NumberNode:
    """A number between the two, both included."""

    least: int = 0
    most: int = 10**12


@dataclass(frozen=True, slots=True)
class DateNode:
    """A full date or a month; `future` allows days after today."""

    precision: Literal["day", "month"] = "day"
    earliest: date = date(1930, 1, 1)
    future: bool = False


@dataclass(frozen=True, slots=True)
class PhoneNode:
    """A phone number, typed, or shared by its owner."""


@dataclass(frozen=True, slots=True)
class PlaceNode:
    """A place down to `depth`, by list or typed. `first`: province codes that head the list."""

    depth: Literal["province", "district", "commune"] = "commune"
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaNode:
    """A voice note (or another kind in `kinds`)."""

    kinds: tuple[str, ...] = ("voice", "audio")


@dataclass(frozen=True, slots=True)
class WhoNode:
    """Who is writing: this person, another of the address, or somebody new."""


@dataclass(frozen=True, slots=True)
class CodeNode:
    """Four pictures: the person's own code, or, with `new`, one to be set (given twice).

    Without a code nobody is asked for it. `forgotten`: the node for whom it left. `link`: the code of
    whoever made the link that is being opened.
    """

    new: bool = False
    forgotten: str | None = None
    link: bool = False


@dataclass(frozen=True, slots=True)
class FaqNode:
    """The answers known by heart, by topic (in this order) or by question.

    `leads`: where they lead → the dialog.
    """

    topics: tuple[str, ...]
    leads: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ActivitiesNode:
    """Job fairs and other activities: what there is, one of them, who comes along.

    `leads`: where the list leads besides → the dialog; `call` and `app`: one activity, to be reminded of it.
    `phrases`: a button → what else it is called by who types (`one`: one person).
    """

    leads: Mapping[str, str] = dataclasses.field(default_factory=dict)
    phrases: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewNode:
    """Shows every answer of this dialog; each can be changed; ends when the person agrees."""


@dataclass(frozen=True, slots=True)
class CallNode:
    """Walks another dialog, whose answers join this submission, then comes back."""

    dialog: str


@dataclass(frozen=True, slots=True)
class RepeatNode:
    """Walks a dialog once per item (answers indexed 0, 1, …), asking `.again` after each."""

    dialog: str
    most: int = 10


@dataclass(frozen=True, slots=True)
class EndNode:
    """Ends the dialog; `then` names a dialog to walk instead of returning to the caller."""

    then: str | None = None


Kind = (
    SayNode
    | ChoiceNode
    | MultiChoiceNode
    | YesNoNode
    | TextNode
    | NameNode
    | NumberNode
    | DateNode
    | PhoneNode
    | PlaceNode
    | MediaNode
    | WhoNode
    | CodeNode
    | FaqNode
    | ActivitiesNode
    | ReviewNode
    | CallNode
    | RepeatNode
    | EndNode
)


@dataclass(frozen=True, slots=True)
class Node:
    """One step. Its message is `text`; `why`, `help`, `retry` are message ids or None.

    `field` None: nothing is stored. `args`: placeholder → source (`Book` docstring lists sources).
    `branches` are tried in order, then `next`; a target is a node id of this dialog or `end`. `heard`: where
    a voice note leads; without it, the way on which most is still asked.
    """

    id: str
    kind: Kind
    text: str
    next: str
    field: str | None = None
    sensitivity: Sensitivity = "S1"
    coarse: bool = False
    optional: bool = False
    back: bool = True
    counted: bool = True
    why: str | None = None
    help: str | None = None
    retry: str | None = None
    show_if: Condition | None = None
    branches: tuple[tuple[Condition, str], ...] = ()
    heard: str | None = None
    do: tuple[Action, ...] = ()
    args: Mapping[str, str] = dataclasses.field(default_factory=dict)
    expires: timedelta = timedelta(days=7)

    @property
    def stays(self) -> bool:
        """Whether nothing in particular is waited for: menus, and pages of answers or activities."""
        pages = isinstance(self.kind, FaqNode | ActivitiesNode)
        return pages or (isinstance(self.kind, ChoiceNode) and self.kind.sticky)


@dataclass(frozen=True, slots=True)
class Dialog:
    """A conversation about one thing.

    `submission`: `new` opens one, `latest:<dialog>` goes on with that dialog's latest, None has none of its
    own (a called dialog writes into its caller's).
    `private`: its traffic is for the safeguarding officer only. Words that answer it are not kept, and its
    answers stay in the session until an action hands them over.
    `passing`: they stay there likewise, and go when it is left; its words are kept as any others.
    """

    id: str
    start: str
    nodes: Mapping[str, Node]
    submission: str | None = None
    questions: int = 0  # counted questions, for "៣/១២"
    private: bool = False
    passing: bool = False
