"""The bytes of script files and catalogues parsed one by one, with every Finding on the way.

Never looks from one file into another (`core.check` does).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot import catalogues, script_forms, site_build, site_forms
from bot import script_build as build
from bot.catalogues import Entry
from bot.core import faq, safety_sense
from bot.core.book import Centre, Hotline, Route
from bot.core.condition import Condition
from bot.core.dialog import Dialog
from bot.core.finding import Finding, Place, find
from bot.core.khmer.normalise import normalise
from bot.core.places import Gazetteer, load
from bot.core.safety import Safety

DIALOGS = "dialogs/"
WEIGHTS = f"{DIALOGS}safety.weights"
FAQ = f"{DIALOGS}faq/"
ELSEWHERE = f"{FAQ}elsewhere.toml"
ROUTES, CENTRES, HOTLINES, PLACES, SAFETY, FACTS = (
    f"{DIALOGS}{name}.toml" for name in ("routes", "centres", "hotlines", "places", "safety", "facts")
)

FORM_ONLY = "check.toml-form"  # hides nothing
AnyForm = TypeVar("AnyForm", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Routes:
    """What routes.toml says."""

    first: str
    home: str
    person: str
    who: str
    unasked: str
    link: str
    answers: str
    activities: str
    greetings: tuple[str, ...]
    quiet_when: Condition | None
    routes: tuple[Route, ...]


@dataclass(slots=True)
class Parsed:
    """What could be read; `catalogues` by file."""

    findings: list[Finding] = field(default_factory=list)
    dialogs: dict[str, Dialog] = field(default_factory=dict)
    routes: Routes | None = None
    centres: Mapping[str, Centre] = field(default_factory=dict)
    hotlines: Mapping[str, Hotline] = field(default_factory=dict)
    places: Gazetteer | None = None
    safety: Safety = field(default_factory=Safety)
    entries: list[faq.Entry] = field(default_factory=list)
    facts: Mapping[str, faq.DatedFact] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    catalogues: dict[str, dict[str, Entry]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Every script could be read, so a Book can be made of them."""
        unread = [one for one in self.findings if one.file.endswith(".toml") and one.problem != FORM_ONLY]
        return not unread


def parse_files(files: Mapping[str, bytes]) -> Parsed:
    """Everything that can be read of these files, and what is wrong with the rest."""
    parsed = Parsed()
    for file in (ROUTES, PLACES):
        if file not in files:
            parsed.findings.append(find(Place(file), "missing-file"))
    for file in sorted(files):
        if file.startswith(DIALOGS) and file.endswith(".toml"):
            _parse_script(file, files[file], parsed)
        elif file == WEIGHTS:
            _parse_weights(file, files[file], parsed)
        elif catalogues.language_of(file) is not None:
            _parse_catalogue(file, files[file], parsed)
    return parsed


def _parse_weights(file: str, data: bytes, parsed: Parsed) -> None:
    """The sense beside the safety lists, which stand before it in the order of files."""
    try:
        parsed.safety = replace(parsed.safety, sense=safety_sense.read(data))
    except ValueError:
        parsed.findings.append(find(Place(file), "safety-weights"))


def canonical_toml(text: str) -> str:
    """The one form of a script: canonical Khmer, no blanks at line ends, single empty lines."""
    lines = [line.rstrip() for line in normalise(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def _parse_script(file: str, data: bytes, parsed: Parsed) -> None:
    try:
        text = data.decode()
        tables = tomllib.loads(text)
    except UnicodeDecodeError:
        parsed.findings.append(find(Place(file), "encoding"))
        return
    except (tomllib.TOMLDecodeError, RecursionError) as broken:  # brackets in brackets in brackets …
        found = re.search(r"at line ([0-9]+)", str(broken))
        line = found[1] if found else str(text.count("\n") + 1)
        parsed.findings.append(find(Place(file), "toml", line=line))
        return
    if file != PLACES and canonical_toml(text) != text:
        parsed.findings.append(find(Place(file), "toml-form"))
    _build(file, data, tables, parsed)


def _build(file: str, data: bytes, tables: dict[str, Any], parsed: Parsed) -> None:
    match file:
        case _ if file == PLACES:
            try:
                parsed.places = load(data)
            except ValueError as broken:
                parsed.findings.append(find(Place(file), "places", detail=broken))
        case _ if file == ROUTES:
            if routes := _form(file, site_forms.RoutesForm, tables, parsed):
                parsed.routes = _routes(file, routes, parsed.findings)
        case _ if file in {CENTRES, HOTLINES, SAFETY}:
            _build_site(file, tables, parsed)
        case _ if file == FACTS or file.startswith(FAQ):
            _build_answers(file, tables, parsed)
        case _:
            if dialog := _form(file, script_forms.DialogForm, tables, parsed):
                built = build.build_dialog(file, dialog, parsed.findings)
                parsed.dialogs[built.id] = built


def _routes(file: str, form: site_forms.RoutesForm, findings: list[Finding]) -> Routes:
    return Routes(
        form.first,
        form.home,
        form.person,
        form.who,
        form.unasked,
        form.link,
        form.answers,
        form.activities,
        tuple(form.greetings),
        site_build.build_quiet(form, Place(file, key="quiet_when"), findings),
        site_build.build_routes(form),
    )


def _build_site(file: str, tables: dict[str, Any], parsed: Parsed) -> None:
    """Centres, hotlines and the safety lists."""
    if file == CENTRES:
        if centres := _form(file, site_forms.CentresForm, tables, parsed):
            parsed.centres = site_build.build_centres(centres)
    elif file == HOTLINES:
        if hotlines := _form(file, site_forms.HotlinesForm, tables, parsed):
            parsed.hotlines = site_build.build_hotlines(hotlines)
    elif lists := _form(file, site_forms.SafetyForm, tables, parsed):
        parsed.safety = site_build.build_safety(lists)


def _build_answers(file: str, tables: dict[str, Any], parsed: Parsed) -> None:
    """Dated facts, the answers of one topic, and what nobody here answers."""
    if file == FACTS:
        if facts := _form(file, site_forms.FactsForm, tables, parsed):
            parsed.facts = site_build.build_facts(facts)
    elif file == ELSEWHERE:
        if elsewhere := _form(file, site_forms.ElsewhereForm, tables, parsed):
            parsed.elsewhere = tuple(elsewhere.phrasings)
    elif topic := _form(file, site_forms.TopicForm, tables, parsed):
        name = file.removeprefix(FAQ).removesuffix(".toml")
        known = {one.id for one in parsed.entries}
        for one in site_build.build_topic(name, topic):
            if one.id in known:
                parsed.findings.append(find(Place(file, one.id, "id"), "twice", name=one.id))
            known.add(one.id)
            parsed.entries.append(one)


def _form(file: str, model: type[AnyForm], tables: dict[str, Any], parsed: Parsed) -> AnyForm | None:
    try:
        return model.model_validate(tables)
    except ValidationError as broken:
        parsed.findings += [_fault(file, tables, one) for one in broken.errors(include_url=False)]
        return None


def _fault(file: str, tables: dict[str, Any], error: ErrorDetails) -> Finding:
    place = _place(file, tables, error["loc"])
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return find(place, "unknown-key", name=error["loc"][-1])
        case "missing":
            return find(place, "missing-key", name=error["loc"][-1])
        case "union_tag_not_found":
            return find(place.at("kind"), "missing-key", name="kind")
        case "union_tag_invalid":
            return find(
                place.at("kind"), "options", given=context["tag"], options=_list(context["expected_tags"])
            )
        case "literal_error":
            return find(place, "options", given=error["input"], options=_list(context["expected"]))
        case "string_pattern_mismatch" | "string_too_long":
            return find(place, "form", given=error["input"])
        case kind if kind.endswith("_type"):
            return find(place, "type", wanted=kind.removesuffix("_type").replace("_", " "))
        case _:
            return find(place, "range", given=error["input"])


def _list(expected: str) -> str:
    return expected.replace("'", "").replace(" or ", ", ")


def _place(file: str, tables: dict[str, Any], where: tuple[str | int, ...]) -> Place:
    """The node (or centre, …) by its id, and below it the keys; list positions count from 1."""
    node, keys = "", list(where)
    if len(keys) > 1 and isinstance(keys[0], str) and isinstance(keys[1], int):
        item = tables[keys[0]][keys[1]]
        name = item.get("id", item.get("dialog", item.get("theme"))) if isinstance(item, dict) else None
        node = str(name) if name else f"{keys[0]} {keys[1] + 1}"
        keys = keys[3:] if keys[0] == "node" else keys[2:]  # the third names the kind of node
    return Place(file, node, ".".join(str(key + 1) if isinstance(key, int) else key for key in keys))


def _parse_catalogue(file: str, data: bytes, parsed: Parsed) -> None:
    language = catalogues.language_of(file)
    assert language is not None  # noqa: S101 - the caller asked
    try:
        entries = catalogues.read(data)
    except catalogues.BadCatalogue as broken:
        fault = find(Place(file), "po-twice", id=broken.twice) if broken.twice else None
        parsed.findings.append(fault or find(Place(file), "po", line=broken.line))
        return
    parsed.catalogues[file] = entries
    if catalogues.write(entries, language) != data:
        parsed.findings.append(find(Place(file), "po-form"))
