"""The JSON form of an activity's sheet, as the store keeps it.

Never checks what it says: whoever makes a sheet has.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.core.activity import NOTHING, RULE, Bilingual, Employer, Sheet, Stipend, Stop, Vacancy


def dump(sheet: Sheet) -> dict[str, Any]:
    """What `load` reads; times as ISO 8601 with their zone."""
    return {
        "title": _words(sheet.title),
        "place": sheet.place,
        "starts_at": sheet.starts_at.isoformat(),
        "ends_at": sheet.ends_at.isoformat(),
        "venue": _words(sheet.venue),
        "description": _words(sheet.description),
        "point": list(sheet.point) if sheet.point else None,
        "bring": _words(sheet.bring),
        "for_whom": _words(sheet.for_whom),
        "employers": [_employer(one) for one in sheet.employers],
        "stops": [_stop(one) for one in sheet.stops],
        "capacity": sheet.capacity,
        "childcare": sheet.childcare,
        "languages": list(sheet.languages),
        "phone": sheet.phone,
        "sectors": list(sheet.sectors),
        "cost": sheet.cost,
        "stipend": _stipend(sheet.stipend) if sheet.stipend else None,
        "reminders": list(sheet.reminders),
    }


def load(form: Mapping[str, Any]) -> Sheet:
    """The sheet of a form; what an earlier version did not know stands at its default."""
    point = form.get("point")
    stipend = form.get("stipend")
    return Sheet(
        title=_bilingual(form["title"]),
        place=form["place"],
        starts_at=datetime.fromisoformat(form["starts_at"]),
        ends_at=datetime.fromisoformat(form["ends_at"]),
        venue=_bilingual(form.get("venue")),
        description=_bilingual(form.get("description")),
        point=(point[0], point[1]) if point else None,
        bring=_bilingual(form.get("bring")),
        for_whom=_bilingual(form.get("for_whom")),
        employers=tuple(_read_employer(one) for one in form.get("employers", ())),
        stops=tuple(_read_stop(one) for one in form.get("stops", ())),
        capacity=form.get("capacity"),
        childcare=form.get("childcare", False),
        languages=tuple(form.get("languages", ("km",))),
        phone=form.get("phone", ""),
        sectors=tuple(form.get("sectors", ())),
        cost=form.get("cost"),
        stipend=_read_stipend(stipend) if stipend else None,
        reminders=tuple(form.get("reminders", RULE)),
    )


def _words(words: Bilingual) -> list[str]:
    return [words.km, words.en]


def _bilingual(form: list[str] | None) -> Bilingual:
    return Bilingual(*form) if form else NOTHING


def _employer(employer: Employer) -> dict[str, Any]:
    return {
        "key": employer.key,
        "name": _words(employer.name),
        "vacancies": [_vacancy(one) for one in employer.vacancies],
        "checked_by": employer.checked_by,
        "checked_on": employer.checked_on.isoformat() if employer.checked_on else None,
    }


def _read_employer(form: Mapping[str, Any]) -> Employer:
    checked_on = form.get("checked_on")
    return Employer(
        key=form["key"],
        name=_bilingual(form["name"]),
        vacancies=tuple(_read_vacancy(one) for one in form.get("vacancies", ())),
        checked_by=form.get("checked_by", ""),
        checked_on=date.fromisoformat(checked_on) if checked_on else None,
    )


def _vacancy(vacancy: Vacancy) -> dict[str, Any]:
    return {
        "job": _words(vacancy.job),
        "sector": vacancy.sector,
        "number": vacancy.number,
        "pay": [vacancy.pay_least, vacancy.pay_most],
        "requires": _words(vacancy.requires),
    }


def _read_vacancy(form: Mapping[str, Any]) -> Vacancy:
    least, most = form.get("pay", (None, None))
    requires = _bilingual(form.get("requires"))
    return Vacancy(_bilingual(form["job"]), form["sector"], form.get("number", 1), least, most, requires)


def _stop(stop: Stop) -> dict[str, Any]:
    name, leaves = _words(stop.name), stop.leaves_at.isoformat()
    return {"key": stop.key, "name": name, "leaves_at": leaves, "seats": stop.seats}


def _read_stop(form: Mapping[str, Any]) -> Stop:
    leaves = datetime.fromisoformat(form["leaves_at"])
    return Stop(form["key"], _bilingual(form["name"]), leaves, form["seats"])


def _stipend(stipend: Stipend) -> dict[str, Any]:
    read_on = stipend.read_on.isoformat()
    return {"rule": _words(stipend.rule), "source": stipend.source, "read_on": read_on}


def _read_stipend(form: Mapping[str, Any]) -> Stipend:
    return Stipend(_bilingual(form["rule"]), form["source"], date.fromisoformat(form["read_on"]))
