"""What people say on buttons outside any dialog, kept as answers so that staff see what a case is about.

Never opens a case.
"""

import orjson

from bot.core.answers import Words, dump
from bot.core.dialog import Sensitivity
from bot.runner.step import Step
from storage import activities, submissions

NUMBER = 0  # of the run that holds them: those of dialogs count from 1
DIALOG = "activities"
MONEY = "money-wanted-"  # fields: the activity's id follows
INTRODUCE = "introduce-"


def note(step: Step, field: str, words: str, sensitivity: Sensitivity) -> bool:
    """Keep it as the answer to a field of its own; False when the same was kept before."""
    conn, person = step.conn, step.person
    value = orjson.dumps(dump(Words(words)))
    known = {row.field: row.value for row in submissions.answers_of(conn, person.key, person.contact.id)}
    if known.get(field) == value:
        return False
    submissions.begin(conn, person, NUMBER, DIALOG, step.live.digest, step.now)
    submissions.save_answer(
        conn,
        person,
        NUMBER,
        field,
        0,
        value,
        sensitivity=sensitivity,
        coarse=None,
        node=f"{DIALOG}.{field}",
        now=step.now,
    )
    return True


def title(step: Step, activity_id: int) -> str:
    """What an activity is called, in the person's language; its number where it is gone."""
    found = activities.get(step.conn, activity_id)
    return str(activity_id) if found is None else found.sheet.title.read_in(step.contact.language)
