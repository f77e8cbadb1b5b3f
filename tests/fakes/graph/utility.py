"""Utility templates: what may be submitted, what became of it, and how one is filled in and sent.

Never lets free words pass for a template. Rules: facts/channels.md §3.6.
"""

import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.graph.faults import BrokenRuleError, GraphError
from tests.fakes.graph.world import Button, Utility, World

PERMISSION = "pages_utility_messaging"
BODY_MAX = 1024
BUTTONS_MAX = 3
LABEL_MAX = 20  # as other buttons (§3.2)
PAGE_OF = 25  # templates of one answer [M]
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_HOLE = re.compile(r"\{\{([A-Za-z0-9_]+)\}\}")
_BUTTONS = frozenset({"POSTBACK", "URL", "PHONE_NUMBER"})


def allow(world: World) -> None:
    if PERMISSION not in world.permissions:
        raise GraphError(403, 10, None, f"(#10) This endpoint requires the '{PERMISSION}' permission")


def create(world: World, params: Mapping[str, Any]) -> dict[str, Any]:
    """Submit a template; `world.verdict` says what becomes of it."""
    allow(world)
    name, language = params.get("name"), params.get("language")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BrokenRuleError("A template's name is of a-z, 0-9 and _")
    if params.get("category") != "UTILITY" or params.get("parameter_format", "POSITIONAL") not in (
        "NAMED",
        "POSITIONAL",
    ):
        raise BrokenRuleError("category is UTILITY, parameter_format NAMED or POSITIONAL")
    if language not in world.languages:
        raise GraphError(400, 100, None, f"(#100) Param language: {language} is not supported")
    if (name, language) in world.templates:
        raise GraphError(400, 100, None, "(#100) There is already a template of this name and language")
    _check_components(params)
    made = Utility(f"{6_000_000_000_000 + world.number()}", name, str(language), world.verdict, dict(params))
    world.templates[name, made.language] = made
    return {"id": made.id, "status": made.status, "category": "UTILITY"}


def listed(world: World, params: Mapping[str, Any]) -> dict[str, Any]:
    """Templates, a page at a time."""
    allow(world)
    names, languages, statuses = params.get("name"), params.get("language"), params.get("status")
    found = [
        {
            "id": one.id,
            "name": one.name,
            "language": one.language,
            "status": one.status,
            "category": "UTILITY",
        }
        | {"components": one.form["components"]}
        for one in world.templates.values()
        if _among(one.name, names) and _among(one.language, languages) and _among(one.status, statuses)
    ]
    at, limit = int(params.get("after", 0)), int(params.get("limit", PAGE_OF))
    page, end = found[at : at + limit], at + limit
    cursors = {"before": str(at), "after": str(end)}
    onward = {"next": f"after={end}"} if end < len(found) else {}
    return {"data": page, **({"paging": {"cursors": cursors, **onward}} if page else {})}


def delete(world: World, params: Mapping[str, Any]) -> dict[str, Any]:
    allow(world)
    gone = [place for place, one in world.templates.items() if one.name == params.get("name")]
    if not gone:
        raise GraphError(400, 100, None, "(#100) There is no template of this name")
    for place in gone:
        del world.templates[place]
    return {"success": True}


def fill(world: World, given: Mapping[str, Any]) -> tuple[str, tuple[Button, ...]]:
    """The words and buttons of an approved template with its parameters."""
    language = given.get("language")
    code = language.get("code") if isinstance(language, Mapping) else None
    if set(given) - {"name", "language", "components"} or not isinstance(code, str):
        raise BrokenRuleError("A template has name, language.code and components")
    made = world.templates.get((given.get("name", ""), code))
    if made is None or made.status != "APPROVED":
        raise GraphError(400, 100, None, "(#100) No approved template of this name and language")
    parts = {part["type"].lower(): part.get("parameters", []) for part in given.get("components", [])}
    if len(parts) != len(given.get("components", [])) or set(parts) - {"body", "buttons"}:
        raise BrokenRuleError("components: one body, one buttons")
    shape = {part["type"]: part for part in made.form["components"]}
    return _fill_body(shape["BODY"]["text"], parts.get("body", [])), _fill_buttons(
        shape.get("BUTTONS", {}).get("buttons", []), parts.get("buttons", [])
    )


def _fill_body(text: str, parameters: list[Mapping[str, Any]]) -> str:
    values = {
        one.get("parameter_name", str(place)): one.get("text")
        for place, one in enumerate(parameters, start=1)
    }
    if set(values) != set(_HOLE.findall(text)) or not all(
        one.get("type") == "text" and one.get("text") for one in parameters
    ):
        raise BrokenRuleError(f"the body wants exactly {sorted(set(_HOLE.findall(text)))}, as text")
    return _HOLE.sub(lambda hole: str(values[hole[1]]), text)


def _fill_buttons(
    buttons: list[Mapping[str, Any]], parameters: list[Mapping[str, Any]]
) -> tuple[Button, ...]:
    if len(buttons) != len(parameters):
        raise BrokenRuleError(f"{len(buttons)} approved buttons want {len(buttons)} parameters", 1893029)
    shown = []
    for button, one in zip(buttons, parameters, strict=True):
        if one.get("type") != button["type"] or "index" in one:
            raise BrokenRuleError(f"a {button['type']} button wants a parameter of its type, without index")
        kind = {"POSTBACK": "postback", "URL": "web_url", "PHONE_NUMBER": "phone_number"}[button["type"]]
        shown.append(Button(button["text"], one.get("payload", one.get("url", "")), stays=True, kind=kind))
    return tuple(shown)


def _check_components(params: Mapping[str, Any]) -> None:
    components = params.get("components")
    if not isinstance(components, list) or not all(isinstance(one, Mapping) for one in components):
        raise BrokenRuleError("The parameter components is required")
    shape = {one.get("type"): one for one in components}
    if "BODY" not in shape or len(shape) != len(components) or set(shape) - {"BODY", "BUTTONS"}:
        raise BrokenRuleError("components: one BODY, at most one BUTTONS")
    text = shape["BODY"].get("text")
    if not isinstance(text, str) or not 1 <= len(text) <= BODY_MAX:
        raise BrokenRuleError(f"BODY.text is 1 to {BODY_MAX} characters")
    holes = _HOLE.findall(text)
    if _HOLE.match(text) or re.search(r"\}\}\s*$", text):
        raise BrokenRuleError("BODY.text may not start or end with a parameter")
    if params.get("parameter_format") == "NAMED" and holes:
        shown = shape["BODY"].get("example", {}).get("body_text_named_params", [])
        if {one.get("param_name") for one in shown if one.get("example")} != set(holes):
            raise BrokenRuleError("every parameter needs an example")
    _check_buttons(shape.get("BUTTONS", {"buttons": []}).get("buttons"))


def _check_buttons(buttons: object) -> None:
    if not isinstance(buttons, list) or len(buttons) > BUTTONS_MAX:
        raise BrokenRuleError(f"at most {BUTTONS_MAX} buttons")
    for button in buttons:
        if button.get("type") not in _BUTTONS:
            raise BrokenRuleError(f"a template cannot have a {button.get('type')} button", 2018416)
        if not isinstance(button.get("text"), str) or not 1 <= len(button["text"]) <= LABEL_MAX:
            raise BrokenRuleError(f"a template's button is 1 to {LABEL_MAX} characters")


def _among(value: str, wanted: object) -> bool:
    return wanted is None or (value in wanted if isinstance(wanted, list) else value == wanted)
