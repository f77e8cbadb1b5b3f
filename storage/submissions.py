"""Submissions and their answers: what a person told us, each answer sealed under its field.

Never knows the script: fields, values and sensitivities come as they are.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from storage.people import Person
from storage.schema import UtcDateTime, answer, submission
from storage.seal import DataKey
from storage.statement import Statement, given, inserting

VALUE = "answer|value"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer in words of the core (`value`: its JSON). `coarse`: its clear copy, if its field has one."""

    no: int
    dialog: str
    subject: str
    field: str
    index: int
    value: bytes
    sensitivity: str
    coarse: str | None
    how: str
    node: str
    at: datetime


_OPEN = Statement(insert(submission).values(given("contact_id", "no", "dialog", "release", "opened_at")))
_BEGIN = inserting(
    submission,
    lambda insert: insert.values(
        given("contact_id", "no", "dialog", "release", "opened_at", "closed_at")
    ).on_conflict_do_nothing(index_elements=["contact_id", "no"]),
)
_CELLS = (
    ("a_field", "field"),
    ("a_idx", "idx"),
    ("a_value", "value"),
    ("a_coarse", "coarse"),
    ("a_sensitivity", "sensitivity"),
    ("a_how", "how"),
    ("a_node", "node"),
    ("a_at", "at"),
)
_ANSWER = inserting(
    answer,
    lambda insert: insert.from_select(
        ["submission_id", "field", "idx", "value", "coarse", "sensitivity", "how", "node", "at"],
        select(
            submission.c.id,
            *(bindparam(name, type_=answer.c[column].type) for name, column in _CELLS),
        ).where(submission.c.contact_id == bindparam("contact"), submission.c.no == bindparam("no")),
    ).on_conflict_do_update(
        index_elements=["submission_id", "field", "idx"],
        set_={
            name: insert.excluded[name] for name in ("value", "coarse", "sensitivity", "how", "node", "at")
        },
    ),
)


_THIS = (submission.c.contact_id == bindparam("contact"), submission.c.no == bindparam("no"))
_SUBJECT = Statement(update(submission).where(*_THIS).values(given("subject")))
_CLOSE = Statement(
    update(submission)
    .where(*_THIS)
    .values(closed_at=func.coalesce(submission.c.closed_at, bindparam("now", type_=UtcDateTime())))
)


def latest(conn: Connection, key: DataKey, contact_id: int, field: str) -> bytes | None:
    """Read the answer (its JSON) that a person gave last to a field. Raises DamagedCell."""
    given = (
        select(answer.c.value, submission.c.no)
        .join(submission, submission.c.id == answer.c.submission_id)
        .where(submission.c.contact_id == contact_id, answer.c.field == field, answer.c.idx == 0)
    )
    row = conn.execute(given.order_by(submission.c.no.desc()).limit(1)).first()
    return None if row is None else key.open(VALUE, natural(contact_id, row.no, field, 0), row.value)


def open_(conn: Connection, person: Person, no: int, dialog: str, release: str, now: datetime) -> None:
    """Begin a submission; `no` counts within the person."""
    cells = {"no": no, "dialog": dialog, "release": release, "opened_at": now}
    _OPEN.run(conn, cells | {"contact_id": person.contact.id})


def begin(conn: Connection, person: Person, no: int, dialog: str, release: str, now: datetime) -> None:
    """Have a submission of that number, ended as soon as it is begun, for what belongs to no dialog."""
    _BEGIN.run(
        conn,
        {
            "contact_id": person.contact.id,
            "no": no,
            "dialog": dialog,
            "release": release,
            "opened_at": now,
            "closed_at": now,
        },
    )


def set_subject(conn: Connection, person: Person, no: int, subject: str) -> None:
    """Remember whom it is about."""
    _SUBJECT.run(conn, {"contact": person.contact.id, "no": no, "subject": subject})


def close(conn: Connection, person: Person, no: int, now: datetime) -> None:
    """Its dialog was walked to the end; the first time counts."""
    _CLOSE.run(conn, {"contact": person.contact.id, "no": no, "now": now})


def save_answer(  # noqa: PLR0913 - one per column
    conn: Connection,
    person: Person,
    submission_no: int,
    field: str,
    index: int,
    value: bytes,
    *,
    sensitivity: str,
    coarse: str | None,
    node: str,
    now: datetime,
    how: str = "given",
) -> None:
    """Keep an answer, in place of an earlier one (one statement). `how`: given, heard or skipped."""
    kept = _ANSWER.run(
        conn,
        {
            "contact": person.contact.id,
            "no": submission_no,
            "a_field": field,
            "a_idx": index,
            "a_value": person.key.seal(VALUE, natural(person.contact.id, submission_no, field, index), value),
            "a_coarse": coarse,
            "a_sensitivity": sensitivity,
            "a_how": how,
            "a_node": node,
            "a_at": now,
        },
    )
    if kept != 1:
        raise LookupError(f"contact {person.contact.id} has no submission {submission_no}")


def forget_answer(conn: Connection, person: Person, submission_no: int, field: str, index: int) -> None:
    """Delete an answer that no longer stands."""
    its = select(submission.c.id).where(*_its(person, submission_no)).scalar_subquery()
    gone = delete(answer).where(answer.c.submission_id == its, answer.c.field == field, answer.c.idx == index)
    conn.execute(gone)


def answers_of(conn: Connection, key: DataKey, contact_id: int) -> list[AnswerRow]:
    """Read everything a person answered, in the order of submissions and times."""
    told = (
        select(submission.c.no, submission.c.dialog, submission.c.subject, answer)
        .join(answer, answer.c.submission_id == submission.c.id)
        .where(submission.c.contact_id == contact_id)
        .order_by(submission.c.no, answer.c.at, answer.c.field, answer.c.idx)
    )
    return [
        AnswerRow(
            no=row.no,
            dialog=row.dialog,
            subject=row.subject,
            field=row.field,
            index=row.idx,
            value=key.open(VALUE, natural(contact_id, row.no, row.field, row.idx), row.value),
            sensitivity=row.sensitivity,
            coarse=row.coarse,
            how=row.how,
            node=row.node,
            at=row.at,
        )
        for row in conn.execute(told)
    ]


def _its(person: Person, no: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return submission.c.contact_id == person.contact.id, submission.c.no == no


def natural(contact_id: int, no: int, field: str, index: int) -> str:
    """What names the cell of an answer, for sealing."""
    return f"{contact_id}/{no}/{field}/{index}"
