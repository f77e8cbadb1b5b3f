"""The TOML of scripts as pydantic models: what may be written in a file, and the JSON Schema of it.

Never knows how files refer to each other (`core.check` proves that) and holds no sentence.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
FieldName = Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9_-]*)?$", max_length=40)]
MessageId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9_-]+)+$")]
Duration = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,5}[smhdw]$")]
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,6}$")]
Dialled = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ]{3,20}$")]


class Form(BaseModel):
    """Strict: an unknown key or a wrong type is a Finding, never a guess."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ChoiceForm(Form):
    """One option of a choice or multi-choice."""

    key: Id
    label: MessageId | None = Field(None, description="message of the label; default <dialog>.<node>.<key>")
    short: bool = Field(default=False, description="message <label>.short exists, at most 20 code points")
    next: Id | None = None
    when: str | None = Field(None, description="condition: shown only then")
    do: list[str] = []
    phrases: list[str] = Field([], description="more ways people write it")
    marks: FieldName | None = Field(None, description="a field: ticked once it is answered")
    between: list[int] | None = Field(
        None, min_length=2, max_length=2, description="a typed number from the first to the second means it"
    )


class AnswerForm(Form):
    """What yes, or no, leads to."""

    label: MessageId | None = Field(None, description="default bot.yes, bot.no")
    short: bool = False
    next: Id | None = None
    do: list[str] = []
    phrases: list[str] = []


class BranchForm(Form):
    """Where to go when the condition holds."""

    when: str
    next: Id


class StepForm(Form):
    """What every node may have."""

    id: Id
    show_if: str | None = Field(None, description="condition: passed over silently unless it holds")
    next: Id | None = Field(None, description="default: the next node of the file; end ends the dialog")
    branch: list[BranchForm] = Field([], description="tried in order after the answer, before next")
    do: list[str] = Field([], description="actions when the node is passed")
    expires: Duration | None = Field(None, description="30m, 12h, 7d; default: the dialog's")
    args: dict[str, str] = Field({}, description="placeholder → where its value comes from")


class QuestionForm(StepForm):
    """What every question may have besides."""

    field: FieldName | None = Field(None, description="default: the id; empty: nothing is stored")
    sensitivity: Literal["S0", "S1", "S2"] = "S1"
    coarse: bool = Field(default=False, description="stored in clear; closed options only, never S2")
    optional: bool = False
    back: bool = True
    counted: bool = True
    why: bool = Field(default=False, description="message <dialog>.<node>.why exists")
    help: bool = Field(default=False, description="message <dialog>.<node>.help exists")
    heard: Id | None = Field(None, description="where a voice note leads")
    retry: bool = Field(default=False, description="message <dialog>.<node>.retry exists")


class SayForm(StepForm):
    """Says its message and goes on."""

    kind: Literal["say"]


class ChoiceNodeForm(QuestionForm):
    """One of the choices."""

    kind: Literal["choice"]
    choices: list[ChoiceForm] = Field(min_length=1)
    sticky: bool = Field(default=False, description="the buttons stay of use (menus)")
    ages: bool = Field(default=False, description="its numbers are years of age: of birth, too")


class MultiChoiceForm(QuestionForm):
    """Any of the choices."""

    kind: Literal["multi-choice"]
    choices: list[ChoiceForm] = Field(min_length=1)
    exclusive: list[Id] = Field([], description="keys that rule the others out")


class YesNoForm(QuestionForm):
    """Yes or no."""

    kind: Literal["yes-no"]
    yes: AnswerForm = AnswerForm()
    no: AnswerForm = AnswerForm()


class TextForm(QuestionForm):
    """Free words."""

    kind: Literal["text"]
    longest: int = Field(1000, ge=1, le=4000)


class NameForm(QuestionForm):
    """What to call the person."""

    kind: Literal["name"]


class NumberForm(QuestionForm):
    """A number; both ends belong to it."""

    kind: Literal["number"]
    least: int = 0
    most: int = 10**12


class DateForm(QuestionForm):
    """A day, or a month of a year."""

    kind: Literal["date"]
    precision: Literal["day", "month"] = "day"
    earliest: date = date(1930, 1, 1)
    future: bool = False


class PhoneForm(QuestionForm):
    """A phone number."""

    kind: Literal["phone"]


class PlaceForm(QuestionForm):
    """A place of the gazetteer."""

    kind: Literal["place"]
    depth: Literal["province", "district", "commune"] = "commune"
    first: list[Digits] = Field([], description="province codes that head the list")


class MediaForm(QuestionForm):
    """A voice note or a file."""

    kind: Literal["media"]
    kinds: list[Literal["voice", "audio", "image", "video", "document"]] = ["voice", "audio"]


class WhoForm(StepForm):
    """Who is writing."""

    kind: Literal["who"]


class CodeForm(StepForm):
    """Four pictures: the person's own, or a new code."""

    kind: Literal["code"]
    new: bool = Field(default=False, description="a new code is set, given twice")
    forgotten: Id | None = Field(None, description="a button leads there: I forgot my code")
    link: bool = Field(default=False, description="the code of whoever made the link that is being opened")


class FaqForm(StepForm):
    """The answers of dialogs/faq/, by topic or by question."""

    kind: Literal["faq"]
    topics: list[Id] = Field(min_length=1, description="in the order in which they are shown")
    leads: dict[Id, Id] = Field(description="where an answer may lead → the dialog, labelled faq.lead.<name>")


Coming = Literal["come", "bus", "maybe", "cannot", "alone", "one", "no-children"]
Spoken = Coming | Literal["ticket", "calendar", "pin", "invite", "list"]


class ActivitiesForm(StepForm):
    """Job fairs and other activities: what there is, one of them, who comes along."""

    kind: Literal["activities"]
    leads: dict[Id, Id] = Field(
        {}, description="where the list leads besides → the dialog, labelled activities.lead.<name>"
    )
    phrases: dict[Spoken, list[str]] = Field({}, description="a button → other words for it, typed")


class ReviewForm(StepForm):
    """Shows every answer; each can be changed."""

    kind: Literal["review"]
    back: bool = True
    help: bool = False


class CallForm(StepForm):
    """Walks another dialog and comes back."""

    kind: Literal["call"]
    dialog: Id


class RepeatForm(StepForm):
    """Walks a dialog once per item, asking `<node>.again` after each."""

    kind: Literal["repeat"]
    dialog: Id
    most: int = Field(10, ge=1, le=50)


class EndForm(StepForm):
    """Ends the dialog."""

    kind: Literal["end"]
    then: Id | None = Field(None, description="a dialog to walk instead of returning to the caller")


NodeForm = Annotated[
    SayForm
    | ChoiceNodeForm
    | MultiChoiceForm
    | YesNoForm
    | TextForm
    | NameForm
    | NumberForm
    | DateForm
    | PhoneForm
    | PlaceForm
    | MediaForm
    | WhoForm
    | CodeForm
    | FaqForm
    | ActivitiesForm
    | ReviewForm
    | CallForm
    | RepeatForm
    | EndForm,
    Field(discriminator="kind"),
]


class DialogHeadForm(Form):
    """The table [dialog]."""

    id: Id = Field(description="the name of the file without .toml")
    start: Id | None = Field(None, description="default: the first node")
    submission: Annotated[str, StringConstraints(pattern=r"^(new|latest:[a-z0-9-]+)$")] | None = None
    expires: Duration = "7d"
    private: bool = Field(default=False, description="for the safeguarding officer only; words are not kept")
    passing: bool = Field(default=False, description="answers are gone with the dialog; nothing is stored")


class DialogForm(Form):
    """One dialog: a file of dialogs/ that has [dialog]."""

    dialog: DialogHeadForm
    node: list[NodeForm] = Field(min_length=1)


def schema() -> dict[str, Any]:
    """The JSON Schema of a dialog file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A dialog of Spean",
        **DialogForm.model_json_schema(),
    }
