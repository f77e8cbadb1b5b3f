"""Which page of activities somebody is on, as the draft of a frame and back.

Never looks at an activity: the ids and keys stand for themselves.

Drafts: () the list · ("list", where, sector, place, page) · ("sectors", …the same) · ("places", code…) ·
("show", id) · ("ask", id, answer, step, adults, children, stop, childcare, mobility, steps before) ·
("done", id), behind an answer with what follows: "ticket" or "none", behind what lets us remind
them: "remind" · ("employers", id) ·
("introduce", id, employer) · ("money", id, day).
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.core.activity import Coming, Party

Draft = tuple[str, ...]
Step = Literal["adults", "children", "stop", "childcare", "mobility", "remind"]
STEPS: tuple[Step, ...] = ("adults", "children", "stop", "childcare", "mobility", "remind")
MINE, ANY = "mine", "any"  # sectors of a list: those of what the person told us; all
THEIRS = "theirs"  # the same, of what they said that they come to, whatever its sector
ALONE = Party()
_YES, _NO = "1", ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list shows. `far`: also what is in other provinces. `sector`: one, `mine`, `any` or `theirs`.

    `place`: a gazetteer code to look around instead of home. `page`: from 0.
    """

    far: bool = False
    sector: str = MINE
    place: str = ""
    page: int = 0

    def draft(self, name: str = "list") -> Draft:
        """The draft that `listing` reads."""
        return (name, "all" if self.far else "near", self.sector, self.place, str(self.page))


@dataclass(frozen=True, slots=True)
class Answering:
    """Somebody is saying who comes along: the answer, the question that waits, and what is known so far.

    `past`: the questions that were asked before it, in order.
    """

    activity: int
    coming: Coming
    step: Step
    party: Party = ALONE
    past: tuple[Step, ...] = ()

    def draft(self) -> Draft:
        """The draft that `answering` reads."""
        one = self.party
        flags = (_YES if one.childcare else _NO, _YES if one.mobility else _NO)
        numbers = (str(one.adults), str(one.children))
        return (
            "ask",
            str(self.activity),
            self.coming,
            self.step,
            *numbers,
            one.stop,
            *flags,
            " ".join(self.past),
        )

    def at(self, step: Step, party: Party) -> "Answering":
        """The next question, and what is known by then."""
        return replace(self, step=step, party=party, past=(*self.past, self.step))

    def back(self) -> "Answering | None":
        """The question before, its answer taken back; None at the first."""
        if not self.past:
            return None
        *past, step = self.past
        said: Any = {step: getattr(ALONE, step)}
        return replace(self, step=step, party=replace(self.party, **said), past=tuple(past))


def listing(draft: Draft) -> Listing | None:
    """The list of a draft, also while its sector is being chosen; None on other pages."""
    match draft:
        case ():
            return Listing()
        case (("list" | "sectors"), where, sector, place, page):
            return Listing(where == "all", sector, place, int(page))
        case _:
            return None


def around(draft: Draft) -> bool:
    """Whether a place that is written is one to look around: on a list, and where several are offered."""
    return listing(draft) is not None or draft[:1] == ("places",)


def answering(draft: Draft) -> Answering | None:
    """The question about who comes along; None on other pages."""
    match draft:
        case ("ask", number, coming, step, adults, children, stop, childcare, mobility, past):
            party = Party(int(adults), int(children), stop, childcare == _YES, mobility == _YES)
            before_it = tuple(_step(one) for one in past.split())
            return Answering(int(number), _coming(coming), _step(step), party, before_it)
        case _:
            return None


def activity_of(draft: Draft) -> int | None:
    """The activity that the page is about; None on lists."""
    return int(draft[1]) if draft and draft[0] not in ("list", "sectors", "places") else None


def before(draft: Draft) -> Draft | None:
    """The page that going back leads to; None from the list, which leads out."""
    match draft:
        case () | ("list", "near", "mine", "", "0"):
            return None
        case ("sectors", *rest):
            return ("list", *rest)
        case ("introduce", number, _):
            return ("employers", number)
        case ("ask", number, *_):
            earlier = answering(draft)
            earlier = earlier and earlier.back()
            return earlier.draft() if earlier else ("show", number)
        case ("done" | "employers", number, *_):
            return ("show", number)
        case _:
            return ()


def _coming(text: str) -> Coming:
    answers: tuple[Coming, ...] = ("come", "bus", "maybe", "cannot")
    return next((one for one in answers if one == text), "maybe")


def _step(text: str) -> Step:
    return next((one for one in STEPS if one == text), "remind")
