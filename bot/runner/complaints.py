"""Complaints go past every centre to the safeguarding officer; an anonymous one leads back to nobody.

Never writes into the rows of whoever complained anonymously, nor the hour at which they did.
"""

from dataclasses import replace
from datetime import datetime

from bot.core import effects as fx
from bot.core.answers import Heard
from bot.core.message import Line
from bot.core.schedule import OFFICE, PHNOM_PENH, promised
from bot.runner import answers, promises
from bot.runner.notice import desk_of
from bot.runner.step import Step, voice
from storage import cases, evidence, people, submissions
from storage.people import Person

A_DAY = 5  # complaints from one address: more would drown what the officer must see


def take(step: Step, complained: fx.Complained) -> None:
    """Keep a complaint as a case of its own: under the person's name, or under nobody's."""
    if not complained.answers:
        return
    today = step.now.astimezone(PHNOM_PENH).date()
    if step.kit.complaints.more(step.person.address_id, today) > A_DAY:
        step.instead[f"{complained.dialog}.thanks"] = Line("bot.complain-enough")
        return
    whose, number, at = step.person, complained.answers[0].submission, step.now
    if complained.anonymous:
        number, at = 1, promises.day_of(step.now)
        whose = people.nobody(step.conn, step.kit.vault, step.person, at)
    submissions.open_(step.conn, whose, number, complained.dialog, complained.release, at)
    for one in complained.answers:
        _keep(step, whose, replace(one, submission=number), at)
    submissions.close(step.conn, whose, number, at)
    desk = desk_of(step.kit)
    by = promised(at, desk.within(None), OFFICE)
    case = cases.open_(step.conn, whose, "complaint", number, None, None, True, by, at)  # noqa: FBT003 - a column
    promises.wait(step.conn, desk, case, step.now)
    if not complained.anonymous:
        step.facts["case.number"] = case.number or voice(step, None).say(Line("bot.number-later"))
        step.facts["case.answer_by"] = by


def _keep(step: Step, whose: Person, said: fx.SaveAnswer, at: datetime) -> None:
    answers.keep(step.conn, step.kit.vault, whose, said, at)
    if isinstance(said.value, Heard):
        evidence.hand_over(
            step.conn, step.person, whose, said.value.ref, said.submission, said.field, said.index, at
        )
