"""A town of people with whatever they told, and a slow look at each of them: who is in a segment.

Never asks the store.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, update

from bot.core.contact import Address
from bot.core.segment import VALUES, Segment
from storage import cases, people, submissions
from storage.people import Person
from storage.schema import activity, registration, session
from storage.seal import Vault

PROVINCES = {"oddar-meanchey": "22", "pursat": "15", "preah-vihear": "13"}
PREFIXES = {"oddar-meanchey": "OM", "pursat": "PU", "preah-vihear": "PV"}
HOMES = ("15", "1502", "150203", "22", "2201", "130101", "0102")
DAY = timedelta(days=1)


@dataclass
class Told:
    """Somebody, as the oracle knows them. `said`: their last clear answers about themselves."""

    id: int
    said: dict[str, str] = field(default_factory=dict)
    worked: set[str] = field(default_factory=set)
    language: str = "km"
    channel: str = "telegram"
    seen: int | None = None  # days ago
    coming: bool = False
    cases: list[tuple[str, str, str]] = field(default_factory=list)  # centre, kind, state


class Town:
    """Sixty people with whatever they told, the same in every run."""

    def __init__(self, conn: Connection, vault: Vault, now: datetime) -> None:
        self.conn, self.vault, self.now = conn, vault, now
        self.dice = random.Random(20261122)  # noqa: S311 - a test's dice
        fair = {
            "id": 7,
            "kind": "fair",
            "centre": "pursat",
            "state": "published",
            "revision": 1,
            "place": "15",
        }
        times = dict.fromkeys(("starts_at", "ends_at", "created_at", "changed_at"), now)
        conn.execute(insert(activity).values(**fair, **times))
        self.people = [self._somebody(nth) for nth in range(60)]

    def _somebody(self, nth: int) -> Told:
        dice, now = self.dice, self.now
        channel = dice.choice(["telegram", "telegram", "messenger"])
        where = Address(f"{channel}:7001", f"{nth}")
        person = people.greet(self.conn, self.vault, where, dice.choice(["km", "en"]), now)
        one = Told(person.contact.id, language=person.contact.language, channel=channel)
        for no in range(1, dice.choice([1, 2, 3])):
            subject = dice.choice(["self", "self", "family"])
            self._submission(person, one, no, subject)
        if dice.random() < 0.7:
            one.seen = dice.choice([1, 10, 40, 200])
            self._sees(one)
        if dice.random() < 0.3:
            self._registers(one)
        if dice.random() < 0.4:
            self._asks(person, one)
        return one

    def _submission(self, person: Person, one: Told, no: int, subject: str) -> None:
        dice = self.dice
        submissions.open_(self.conn, person, no, "intake", "r", self.now)
        submissions.set_subject(self.conn, person, no, subject)
        answers = {
            "sex": dice.choice(VALUES["sexes"]),
            "age": dice.choice([*VALUES["ages"], "15-17", "under-15"]),
            "home": dice.choice(HOMES),
            "sector": dice.choice(VALUES["worked"]),
            "want_sector": dice.choice(VALUES["wants"]),
            "skills": " ".join(sorted(dice.sample(VALUES["skills"], 2))),
            "training": " ".join(sorted(dice.sample(VALUES["training"], 2))),
            "need": dice.choice(["owed", "work", "both", "other"]),
            "centre": dice.choice(list(PROVINCES)),
        }
        for name, clear in answers.items():
            if dice.random() < 0.25:
                continue
            skipped = dice.random() < 0.1
            submissions.save_answer(
                self.conn,
                person,
                no,
                name,
                0,
                b"[]",
                sensitivity="S1",
                coarse=None if skipped else clear,
                node="x",
                now=self.now,
            )
            told = "" if skipped else clear
            if name in {"home", "centre"}:
                one.said[f"any {name}"] = told
            if subject == "self":
                one.said[name] = told
                one.worked |= {told} if name == "sector" and told else set()

    def _sees(self, one: Told) -> None:
        assert one.seen is not None
        at = self.now - one.seen * DAY
        self.conn.execute(update(session).where(session.c.contact_id == one.id).values(seen_at=at))

    def _registers(self, one: Told) -> None:
        answer = self.dice.choice(["come", "maybe", "cannot"])
        one.coming = answer != "cannot"
        cells = {"activity_id": 7, "contact_id": one.id, "answer": answer, "adults": 1, "children": 0}
        times = {"remind": "app", "created_at": self.now, "changed_at": self.now}
        self.conn.execute(insert(registration).values(**cells, **times))

    def _asks(self, person: Person, one: Told) -> None:
        kind = self.dice.choice(["intake", "person", "need", "danger", "complaint"])
        centre = self.dice.choice(list(PROVINCES))
        secret = kind in {"danger", "complaint"}
        cases.open_(self.conn, person, kind, None, centre, PREFIXES[centre], secret, None, self.now)  # type: ignore[arg-type]
        one.cases.append((centre, kind, "open"))

    def finds(self, segment: Segment, centre: str = "") -> list[int]:
        return [one.id for one in self.people if self._is_in(one, segment, centre)]

    def _is_in(self, one: Told, segment: Segment, centre: str) -> bool:
        """A look at one person, part by part."""
        said = one.said
        if said.get("age") in {"under-15", "15-17"}:
            return False
        needs = {"owed": {"owed"}, "work": {"work"}, "both": {"owed", "work"}, "other": {"other"}}
        open_cases = {state for _, kind, state in one.cases if kind in {"intake", "person"}}
        tests = [
            not centre or self._belongs(one, {centre}),
            not segment.centres or self._belongs(one, set(segment.centres)),
            not segment.places or any(said.get("home", "").startswith(code) for code in segment.places),
            not segment.sexes or said.get("sex") in segment.sexes,
            not segment.ages or said.get("age") in segment.ages,
            not segment.worked or bool(one.worked & set(segment.worked)),
            not segment.wants or said.get("want_sector") in segment.wants,
            not segment.skills or bool(set(said.get("skills", "").split()) & set(segment.skills)),
            not segment.training or bool(set(said.get("training", "").split()) & set(segment.training)),
            not segment.needs or bool(needs.get(said.get("need", ""), set()) & set(segment.needs)),
            not segment.languages or one.language in segment.languages,
            not segment.channels or one.channel in segment.channels,
            segment.seen_within is None or (one.seen is not None and one.seen <= segment.seen_within),
            segment.not_seen is None or (one.seen is not None and one.seen > segment.not_seen),
            segment.activity is None or one.coming,
            not segment.cases or bool(open_cases & set(segment.cases)),
        ]
        return all(tests)

    def _belongs(self, one: Told, centres: set[str]) -> bool:
        if any(where in centres for where, kind, _ in one.cases if kind not in {"danger", "complaint"}):
            return True
        chosen = one.said.get("any centre", "")
        if chosen:
            return chosen in centres
        return one.said.get("any home", "")[:2] in {PROVINCES[centre] for centre in centres}

    def some_segment(self) -> Segment:
        dice = self.dice
        parts: dict[str, object] = {
            "centres": ("pursat",),
            "places": tuple(dice.sample(["15", "1502", "22"], dice.choice([1, 2]))),
            "seen_within": dice.choice([5, 30]),
            "not_seen": dice.choice([5, 30]),
            "activity": 7,
            **{name: tuple(dice.sample(values, min(2, len(values)))) for name, values in VALUES.items()},
        }
        chosen = dice.sample(list(parts), dice.choice([1, 1, 2, 3]))
        return Segment(**{name: parts[name] for name in chosen})  # type: ignore[arg-type]
