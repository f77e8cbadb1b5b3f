"""The TOML beside the dialogs as pydantic models: routes, safety lists, centres, hotlines.

Never knows how files refer to each other (`core.check` proves that) and holds no sentence.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from bot.core.schedule import SPAN, read_hours
from bot.script_forms import Dialled, Digits, Form, Id


class RouteForm(Form):
    """Words and commands that open a dialog."""

    dialog: Id
    rank: Literal["danger", "need", "death", "control", "open"]
    commands: list[Id] = Field([])
    phrases: list[str] = Field([])
    known: bool = Field(default=False, description="while the gate is shut, who is writing is asked first")


class RoutesForm(Form):
    """dialogs/routes.toml."""

    first: Id
    home: Id
    person: Id
    who: Id = Field("who", description="who is writing: its first node asks")
    unasked: Id = Field("", description="the dialog that offers back a file which nobody asked for")
    link: Id = Field("", description="the dialog of a one-time link that is being opened")
    answers: Id = Field("", description="the dialog that answers questions from dialogs/faq/")
    activities: Id = Field("", description="the dialog of job fairs and other activities")
    greetings: list[str] = Field([], description="words that only greet: the waiting question is asked again")
    quiet_when: str | None = Field(None, description="a condition: nothing is sent to this person unasked")
    route: list[RouteForm] = Field([])


def _readable(text: str) -> str:
    read_hours((text,))
    return text


FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
OpenSpan = Annotated[str, StringConstraints(pattern=SPAN), AfterValidator(_readable)]


class CentreForm(Form):
    """A Migrant Worker Resource Centre; its name is centres.<id>.name."""

    id: Id
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
    province: Digits
    near: list[Digits] = Field([])
    phones: list[Dialled] = Field([])
    hours: bool = Field(default=False, description="message centres.<id>.hours exists")
    address: bool = Field(default=False, description="message centres.<id>.address exists")
    open: list[OpenSpan] = Field(
        [], description='when somebody is there, such as "mon-fri 07:30-11:30"; usual office hours without it'
    )
    closed: list[date] = Field([], description="days off, such as public holidays")


class CentresForm(Form):
    """dialogs/centres.toml."""

    centre: list[CentreForm] = Field([])


class HotlineForm(Form):
    """A number to call; its name is hotlines.<id>.name."""

    id: Id
    numbers: list[Dialled] = Field(min_length=1)
    province: Digits | None = None
    called_on: date | None = Field(None, description="the day somebody called it and was answered")
    source: str = ""
    confidence: str = ""


class HotlinesForm(Form):
    """dialogs/hotlines.toml."""

    hotline: list[HotlineForm] = Field([])


class ReviewerForm(Form):
    """Who answers for a legal entry."""

    name: str = Field(min_length=1)
    office: str = Field(min_length=1)
    on: date


class EntryForm(Form):
    """One answer; its words are faq-<topic>.<id>.question, .answer and .sure."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=32)]
    kind: Literal["legal", "practical", "bot"]
    source: str = Field(min_length=1, description="keys of the sources; - for none")
    confidence: Literal["H", "M", "L"]
    reviewed: date = Field(description="the day somebody compared it with its source")
    reviewed_by: ReviewerForm | None = Field(None, description="a legal entry is asserted only with it")
    expires: date
    hotline: Id | None = None
    follow_ups: list[Id] = Field([], description="leads, or other entries")
    khmer: list[str] = Field(min_length=5, description="how people ask it")
    romanised: list[str] = Field(min_length=1)
    english: list[str] = Field(min_length=1)


class TopicForm(Form):
    """dialogs/faq/<topic>.toml."""

    entry: list[EntryForm] = Field(min_length=1)


class ElsewhereForm(Form):
    """dialogs/faq/elsewhere.toml: what people ask that nobody here answers."""

    phrasings: list[str] = Field([])


class FactForm(Form):
    """A number, amount, deadline or day that answers name."""

    id: FactName
    value: int | date | str
    unit: Literal[
        "years", "days", "months", "hours", "percent", "count", "usd", "riel", "baht", "date", "text"
    ]
    source: str = Field(min_length=1)
    confidence: Literal["H", "M", "L"]
    reviewed: date
    expires: date


class FactsForm(Form):
    """dialogs/facts.toml."""

    fact: list[FactForm] = Field([])


class WordsForm(Form):
    """Words or phrases by language."""

    khmer: list[str] = Field([])
    thai: list[str] = Field([])
    romanised: list[str] = Field([], description="Khmer in Latin letters")
    english: list[str] = Field([])


class ThemeForm(WordsForm):
    """Phrases about one thing."""

    theme: Id
    all: list[str] = Field([], description="of word groups only, the same in every language")
    at_least: int = Field(
        1, ge=1, description="so many of its phrases must be there before they mean anything"
    )


class NeedForm(ThemeForm):
    """Phrases about one need."""

    cause_of_death: bool = Field(default=False, description="in a sentence that tells of a death it is none")


class ExamplesForm(Form):
    """Sentences that the lists must get right."""

    danger: list[str] = Field([])
    need: list[str] = Field([])
    death: list[str] = Field([])
    none: list[str] = Field([], description="harmless: no alarm")


class SafetyForm(Form):
    """dialogs/safety.toml."""

    words: dict[Id, WordsForm] = Field({})
    danger: list[ThemeForm] = Field([])
    need: list[NeedForm] = Field([])
    death: list[ThemeForm] = Field([])
    innocent: list[ThemeForm] = Field([], description="look-alikes: struck out before anything is looked for")
    examples: ExamplesForm = ExamplesForm()
