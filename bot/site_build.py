"""Forms of the files beside the dialogs made into nouns: routes, safety lists, centres, hotlines.

Never reads a file and never proves what they refer to (`core.check` does).
"""

from collections.abc import Mapping, Sequence

from bot import site_forms as forms
from bot.core.book import Centre, Hotline, Route
from bot.core.condition import Condition
from bot.core.faq import DatedFact, Entry, Reviewer
from bot.core.finding import Finding, Place
from bot.core.safety import Examples, Safety, read_lists
from bot.core.safety_phrase import Kind, Theme, Words
from bot.core.schedule import OFFICE, Hours, read_hours
from bot.script_build import read_condition


def build_quiet(form: forms.RoutesForm, place: Place, findings: list[Finding]) -> Condition | None:
    """Who is sent nothing unasked; a faulty condition is reported."""
    return read_condition(place, form.quiet_when, findings)


def build_routes(form: forms.RoutesForm) -> tuple[Route, ...]:
    """The routes, danger first and what is open to all last; in file order within a rank."""
    ranks = ("danger", "need", "death", "control", "open")
    ordered = sorted(form.route, key=lambda route: ranks.index(route.rank))
    return tuple(
        Route(one.dialog, one.rank, tuple(one.commands), tuple(one.phrases), one.known) for one in ordered
    )


def build_centres(form: forms.CentresForm) -> Mapping[str, Centre]:
    """Centres by id, in file order."""
    return {
        one.id: Centre(
            id=one.id,
            prefix=one.prefix,
            province=one.province,
            near=tuple(one.near),
            phones=tuple(one.phones),
            hours=f"centres.{one.id}.hours" if one.hours else None,
            address=f"centres.{one.id}.address" if one.address else None,
            open_hours=_hours(one),
        )
        for one in form.centre
    }


def _hours(form: forms.CentreForm) -> Hours:
    usual = Hours(OFFICE.spans, frozenset(form.closed))
    return read_hours(form.open, form.closed) if form.open else usual


def build_hotlines(form: forms.HotlinesForm) -> Mapping[str, Hotline]:
    """Hotlines by id, in file order."""
    return {one.id: Hotline(one.id, tuple(one.numbers), one.province, one.called_on) for one in form.hotline}


def build_topic(topic: str, form: forms.TopicForm) -> tuple[Entry, ...]:
    """The entries of one file, as yet without what their words say."""
    return tuple(
        Entry(
            one.id,
            topic,
            one.kind,
            one.source,
            one.confidence,
            one.expires,
            one.hotline,
            tuple(one.follow_ups),
            (*one.khmer, *one.romanised, *one.english),
            Reviewer(by.name, by.office, by.on) if (by := one.reviewed_by) else None,
        )
        for one in form.entry
    )


def build_facts(form: forms.FactsForm) -> Mapping[str, DatedFact]:
    """Facts by id, in file order."""
    return {
        one.id: DatedFact(one.id, one.value, one.unit, one.source, one.confidence, one.reviewed, one.expires)
        for one in form.fact
    }


def build_safety(form: forms.SafetyForm) -> Safety:
    """The safety lists, compiled; `core.check_safety` proves them."""
    kinds: tuple[tuple[Kind, Sequence[forms.ThemeForm]], ...] = (
        ("danger", form.danger),
        ("need", form.need),
        ("death", form.death),
        ("innocent", form.innocent),
    )
    themes = [
        Theme(kind, one.theme, tuple(one.all), _words(one), one.at_least, _may_kill(one))
        for kind, listed in kinds
        for one in listed
    ]
    told = form.examples
    examples = Examples(tuple(told.danger), tuple(told.need), tuple(told.death), tuple(told.none))
    return read_lists(themes, {name: _words(words) for name, words in form.words.items()}, examples)


def _may_kill(form: forms.ThemeForm) -> bool:
    return isinstance(form, forms.NeedForm) and form.cause_of_death


def _words(form: forms.WordsForm) -> Words:
    return Words(tuple(form.khmer), tuple(form.thai), tuple(form.romanised), tuple(form.english))
