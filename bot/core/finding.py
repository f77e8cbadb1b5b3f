"""A fault found in scripts or words before it bites: where it is, what is wrong, what to do.

Never holds the sentences: `check.<fault>` and `check.<fault>.cure` of the catalogue `check` say them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`file` › `node` › `key`, each may be empty; `problem` and `cure` are message ids that take `args`."""

    file: str
    node: str
    key: str
    problem: str
    cure: str
    severity: Severity
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the files something stands."""

    file: str
    node: str = ""
    key: str = ""

    def at(self, key: str) -> "Place":
        """A key below this place."""
        return Place(self.file, self.node, f"{self.key}.{key}" if self.key else key)


# fault → the names that its problem may use, and after `|` those of its cure
FAULTS: Mapping[str, str] = {
    # files
    "encoding": "",
    "toml": "line",
    "missing-file": "|",
    "unknown-key": "name",
    "missing-key": "name",
    "type": "|wanted",
    "range": "given",
    "options": "given|options",
    "form": "given",
    "dialog-id": "given|wanted",
    "twice": "name",
    "reserved-key": "name",
    "places": "detail",
    "toml-form": "",
    # conditions and actions
    "condition-empty": "",
    "condition-too-long": "",
    "condition-too-deep": "text",
    "condition-letter": "text position",
    "condition-unclosed": "text position",
    "condition-unexpected": "text position",
    "condition-unfinished": "text",
    "condition-lone": "text position",
    "condition-name": "name",
    "condition-choice": "name given|options",
    "condition-sort": "name",
    "condition-has": "name",
    "action": "given",
    # structure
    "target": "target|dialog",
    "start": "target",
    "orphan": "",
    "dialog": "dialog",
    "unreachable": "",
    "endless": "",
    "loop": "nodes",
    "recursion": "dialogs",
    "nowhere": "field",
    "field-kinds": "field other",
    "field": "field",
    "coarse-sensitive": "",
    "coarse-open": "",
    "exclusive": "name",
    "bounds": "",
    "place-code": "code",
    "command-twice": "name dialog",
    "who-first": "dialog",
    "source": "source",
    # words
    "po": "line",
    "po-twice": "id",
    "po-form": "",
    "words-missing": "id language",
    "words-fuzzy": "id language",
    "words-unknown": "id",
    "words-file": "id|file",
    "words-name-missing": "id name|name",
    "words-name-unknown": "id name|name",
    "words-encoding": "id",
    "label-long": "id length",
    "label-numbered": "id length",
    "short-long": "id length",
    # safety lists
    "safety-phrase": "text",
    "safety-group": "name text",
    "safety-route": "kind",
    "safety-missed": "text kind",
    "safety-false-alarm": "text kind|phrase theme",
    "safety-resembles": "text",
    "safety-weights": "",
    # answers
    "faq-topic": "name|name",
    "faq-hotline": "name",
    "faq-follow-up": "name",
    "faq-fact": "id name|name",
    "faq-fact-unit": "unit",
    "faq-phrasing-twice": "text other|other",
    "faq-expired": "id day",
    # recordings
    "recording-missing": "count dialog language ids|language",
    "recording-stale": "id|id",
    "recording-unused": "",
    "recording-large": "",
    "recording-form": "",
    "recording-list": "line",
}
WARNINGS = frozenset(
    {
        "words-unknown",
        "label-numbered",
        "faq-expired",
        "recording-missing",
        "recording-stale",
        "recording-unused",
    }
)


def find(place: Place, fault: str, **args: object) -> Finding:
    """The Finding of a known fault at a place."""
    return Finding(
        file=place.file,
        node=place.node,
        key=place.key,
        problem=f"check.{fault}",
        cure=f"check.{fault}.cure",
        severity="warning" if fault in WARNINGS else "error",
        args={name: str(value) for name, value in args.items()},
    )


def declared() -> Mapping[str, frozenset[str]]:
    """Message id → placeholders, of every fault."""
    messages: dict[str, frozenset[str]] = {}
    for fault, names in FAULTS.items():
        problem, _, cure = names.partition("|")
        messages[f"check.{fault}"] = frozenset(problem.split())
        messages[f"check.{fault}.cure"] = frozenset(cure.split())
    return messages
