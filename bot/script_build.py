"""Forms of script files made into the core's nouns, with every Finding on the way.

Never reads a file and never proves what spans nodes (`core.check` does).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from bot import script_forms as forms
from bot.core import duration
from bot.core.actions import (
    About,
    Action,
    ChooseDiscretion,
    ChooseLanguage,
    ChooseVoice,
    Complain,
    Consent,
    DecideFile,
    DropOthers,
    Ease,
    EndLink,
    ForgetCode,
    Hide,
    JoinLink,
    MakeLink,
    MyData,
    OpenCase,
    Resume,
    Stop,
    Subscribe,
    Unlock,
    Unsubscribe,
)
from bot.core.condition import Condition
from bot.core.condition_text import BadCondition, parse
from bot.core.dialog import (
    END,
    ActivitiesNode,
    CallNode,
    Choice,
    ChoiceNode,
    CodeNode,
    DateNode,
    Dialog,
    EndNode,
    FaqNode,
    Kind,
    MediaNode,
    MultiChoiceNode,
    NameNode,
    Node,
    NumberNode,
    PhoneNode,
    PlaceNode,
    RepeatNode,
    ReviewNode,
    SayNode,
    TextNode,
    WhoNode,
    YesNoNode,
)
from bot.core.finding import Finding, Place, find

RESERVED_KEYS = frozenset({"why", "help", "retry", "again", "short"})
ACTIONS: Mapping[str, Action] = {
    "language km": ChooseLanguage("km"),
    "language en": ChooseLanguage("en"),
    **{
        f"consent {purpose} {word}": Consent(purpose, word == "yes")
        for purpose in ("help", "messages", "call", "successor")
        for word in ("yes", "no")
    },
    "subject self": About("self"),
    "subject family": About("family"),
    "subject group": About("group"),
    "case intake": OpenCase("intake"),
    "case person": OpenCase("person"),
    "case danger": OpenCase("danger"),
    "case unfinished": OpenCase("unfinished"),
    "stop": Stop(stopped=True),
    "start": Stop(stopped=False),
    "data show": MyData("show"),
    "data export": MyData("export"),
    "data erase": MyData("erase"),
    "resume": Resume(),
    "drop others": DropOthers(),
    "case need": OpenCase("need"),
    "voice on": ChooseVoice(listens=True),
    "voice off": ChooseVoice(listens=False),
    "discreet on": ChooseDiscretion(discreet=True),
    "discreet off": ChooseDiscretion(discreet=False),
    "hide": Hide(),
    "unlock": Unlock(),
    "code forget": ForgetCode(),
    "file keep": DecideFile(keep=True),
    "file delete": DecideFile(keep=False),
    "eased": Ease(),
    "complain": Complain(),
    "link make": MakeLink(),
    "link join": JoinLink(),
    "link end here": EndLink("here"),
    "link end others": EndLink("others"),
    "follow": Subscribe(home=False),
    "follow home": Subscribe(home=True),
    "unfollow fairs": Unsubscribe("fairs"),
    "unfollow training": Unsubscribe("training"),
    "unfollow jobs": Unsubscribe("jobs"),
}


def build_dialog(file: str, form: forms.DialogForm, findings: list[Finding]) -> Dialog:
    """The dialog of a file; faulty conditions and actions are left out and reported."""
    head = form.dialog
    stem = file.rpartition("/")[2].removesuffix(".toml")
    if head.id != stem:
        findings.append(find(Place(file, key="dialog.id"), "dialog-id", given=head.id, wanted=stem))
    _report_twice(file, (node.id for node in form.node), findings)
    following = [*(node.id for node in form.node[1:]), END]
    nodes = {
        node.id: _NodeBuilder(file, head, node, findings).build(after)
        for node, after in zip(form.node, following, strict=True)
    }
    questions = sum(node.counted for node in nodes.values())
    start = head.start or form.node[0].id
    return Dialog(head.id, start, nodes, head.submission, questions, head.private, head.passing)


def _report_twice(file: str, ids: Iterable[str], findings: list[Finding]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            findings.append(find(Place(file, one, "id"), "twice", name=one))
        seen.add(one)


class _NodeBuilder:
    """One node of one file."""

    def __init__(
        self, file: str, head: forms.DialogHeadForm, form: forms.NodeForm, findings: list[Finding]
    ) -> None:
        self._place = Place(file, form.id)
        self._head = head
        self._form = form
        self._text = f"{head.id}.{form.id}"
        self._findings = findings

    def build(self, after: str) -> Node:
        form = self._form
        length = duration.read(form.expires or self._head.expires)
        assert length is not None  # noqa: S101 - the form's pattern admits nothing else
        node = Node(
            id=form.id,
            kind=self._kind(),
            text=self._text,
            next=form.next or after,
            back=False,
            counted=False,
            show_if=self._condition("show_if", form.show_if),
            branches=self._branches(form.branch),
            do=self._actions(self._place.at("do"), form.do),
            args=dict(form.args),
            expires=length,
        )
        match form:
            case forms.QuestionForm():
                return self._question(node, form)
            case forms.ReviewForm():
                return replace(node, back=form.back, help=f"{self._text}.help" if form.help else None)
            case _:
                return node

    def _question(self, node: Node, form: forms.QuestionForm) -> Node:
        return replace(
            node,
            field=form.id if form.field is None else form.field or None,
            sensitivity=form.sensitivity,
            coarse=form.coarse,
            optional=form.optional,
            back=form.back,
            counted=form.counted,
            why=f"{self._text}.why" if form.why else None,
            help=f"{self._text}.help" if form.help else None,
            retry=f"{self._text}.retry" if form.retry else None,
            heard=form.heard,
        )

    def _kind(self) -> Kind:  # noqa: C901, PLR0912 - one line for each kind of node
        match self._form:
            case forms.SayForm():
                return SayNode()
            case forms.ChoiceNodeForm(choices=choices, sticky=sticky, ages=ages):
                return ChoiceNode(self._choices(choices), sticky, ages)
            case forms.MultiChoiceForm(choices=choices, exclusive=exclusive):
                return MultiChoiceNode(self._choices(choices), frozenset(exclusive))
            case forms.YesNoForm(yes=yes, no=no):
                return YesNoNode(self._answer("yes", yes), self._answer("no", no))
            case forms.TextForm(longest=longest):
                return TextNode(longest)
            case forms.NameForm():
                return NameNode()
            case forms.NumberForm(least=least, most=most):
                return NumberNode(least, most)
            case forms.DateForm(precision=precision, earliest=earliest, future=future):
                return DateNode(precision, earliest, future)
            case forms.PhoneForm():
                return PhoneNode()
            case forms.PlaceForm(depth=depth, first=first):
                return PlaceNode(depth, tuple(first))
            case forms.MediaForm(kinds=kinds):
                return MediaNode(tuple(kinds))
            case forms.WhoForm():
                return WhoNode()
            case forms.CodeForm(new=new, forgotten=forgotten, link=link):
                return CodeNode(new, forgotten, link)
            case forms.FaqForm() | forms.ActivitiesForm() as pages:
                return _pages(pages)
            case forms.ReviewForm():
                return ReviewNode()
            case forms.CallForm(dialog=dialog):
                return CallNode(dialog)
            case forms.RepeatForm(dialog=dialog, most=most):
                return RepeatNode(dialog, most)
            case forms.EndForm(then=then):
                return EndNode(then)
            case _:
                assert_never(self._form)

    def _choices(self, choices: Sequence[forms.ChoiceForm]) -> tuple[Choice, ...]:
        seen: set[str] = set()
        for one in choices:
            place = self._place.at(f"choices.{one.key}")
            if one.key in seen:
                self._findings.append(find(place, "twice", name=one.key))
            if one.key in RESERVED_KEYS:
                self._findings.append(find(place, "reserved-key", name=one.key))
            seen.add(one.key)
        return tuple(self._choice(one) for one in choices)

    def _choice(self, form: forms.ChoiceForm) -> Choice:
        place = self._place.at(f"choices.{form.key}")
        label = form.label or f"{self._text}.{form.key}"
        return Choice(
            key=form.key,
            label=label,
            short=f"{label}.short" if form.short else None,
            next=form.next,
            when=self._condition(f"choices.{form.key}.when", form.when),
            do=self._actions(place.at("do"), form.do),
            phrases=tuple(form.phrases),
            marks=form.marks or None,
            between=(form.between[0], form.between[1]) if form.between else None,
        )

    def _answer(self, key: str, form: forms.AnswerForm) -> Choice:
        label = form.label or f"bot.{key}"
        return Choice(
            key=key,
            label=label,
            short=f"{label}.short" if form.short else None,
            next=form.next,
            do=self._actions(self._place.at(f"{key}.do"), form.do),
            phrases=tuple(form.phrases),
        )

    def _branches(self, branches: Sequence[forms.BranchForm]) -> tuple[tuple[Condition, str], ...]:
        read = [
            (self._condition(f"branch.{at}.when", one.when), one.next) for at, one in enumerate(branches, 1)
        ]
        return tuple((condition, target) for condition, target in read if condition is not None)

    def _condition(self, key: str, text: str | None) -> Condition | None:
        return read_condition(self._place.at(key), text, self._findings)

    def _actions(self, place: Place, texts: Sequence[str]) -> tuple[Action, ...]:
        for text in texts:
            if text not in ACTIONS:
                self._findings.append(find(place, "action", given=text))
        return tuple(ACTIONS[text] for text in texts if text in ACTIONS)


def _pages(form: forms.FaqForm | forms.ActivitiesForm) -> FaqNode | ActivitiesNode:
    match form:
        case forms.FaqForm(topics=topics, leads=leads):
            return FaqNode(tuple(topics), dict(leads))
        case forms.ActivitiesForm(leads=leads, phrases=phrases):
            return ActivitiesNode(dict(leads), {name: tuple(words) for name, words in phrases.items()})


def read_condition(place: Place, text: str | None, findings: list[Finding]) -> Condition | None:
    """The condition that stands at `place`; a faulty one is reported."""
    if text is None:
        return None
    try:
        return parse(text)
    except BadCondition as bad:
        findings.append(find(place, f"condition-{bad.problem}", text=text, position=bad.position + 1))
        return None
