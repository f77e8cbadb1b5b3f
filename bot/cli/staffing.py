"""`spean staff`: who answers people, with which role, at which centre.

Never touches a case.
"""

import secrets
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.options import BOT_TOML, Config, DryRun, Json, Yes
from bot.cli.output import agreed, json_line, say, table
from bot.cli.people import desk
from bot.cli.readable import local
from bot.cli.refused import Refused
from bot.cli.store import Store, opened
from bot.runner.desk import dismiss
from storage import audit, duty, staff
from storage.staff import EVERYWHERE, Grant

commands = typer.Typer(no_args_is_help=True, help="Members of staff, their roles and centres.")


class StaffRole(StrEnum):
    """What somebody may do: see numbers, answer people, those in danger too, announce, approve, or all."""

    viewer = "viewer"
    caseworker = "caseworker"
    safeguarding = "safeguarding"
    broadcaster = "broadcaster"
    approver = "approver"
    admin = "admin"


MAY: Mapping[StaffRole, str] = {  # what each opens with
    StaffRole.viewer: "look: spean case list",
    StaffRole.caseworker: "answer: spean case list",
    StaffRole.safeguarding: "answer: spean case list",
    StaffRole.broadcaster: "plan activities and announcements: spean activity list",
    StaffRole.approver: "approve announcements: spean broadcast list",
    StaffRole.admin: "do everything: spean case list",
}
Name = Annotated[str, typer.Argument(help="The short name that --as takes.")]


Role_ = Annotated[StaffRole, typer.Option("--role", help="What they may do.")]
Where = Annotated[str, typer.Option(help="The centre's id; all centres without it.")]


@commands.command()
def add(
    name: Name,
    role: Role_ = StaffRole.caseworker,
    centre: Where = EVERYWHERE,
    *,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Add a member of staff."""
    if not name.isprintable() or not name or " " in name or len(name) > 40:
        raise Refused(
            f"the name {name!r}", "it is no short name", "use 1 to 40 characters without spaces", status=2
        )
    with opened(config) as store:
        grant = _grant(store, role, centre)
        if store.run(lambda conn: staff.add(conn, name, [grant], store.now)) is None:
            raise Refused(name, "somebody has this name already", "spean staff grant gives one more role")
        store.run(lambda conn: audit.record(conn, None, "staff.add", name, store.now))
    _granted(name, grant, as_json=as_json)


@commands.command()
def grant(
    name: Name,
    role: Role_ = StaffRole.caseworker,
    centre: Where = EVERYWHERE,
    *,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Give somebody one more role, at a centre or everywhere."""
    with opened(config) as store:
        given = _grant(store, role, centre)
        if not store.run(lambda conn: staff.grant(conn, name, given)):
            raise _unknown(name)
        store.run(lambda conn: audit.record(conn, None, "staff.grant", name, store.now))
    _granted(name, given, as_json=as_json)


@commands.command()
def code(name: Name, *, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """Print a code that puts them on duty in a chat: they write /staff CODE to the bot within a day."""
    made = "".join(secrets.choice(duty.LETTERS) for _ in range(duty.CODE_LENGTH))
    with opened(config) as store:
        if not store.run(lambda conn: duty.set_code(conn, store.vault, name, made, store.now)):
            raise _unknown(name)
        store.run(lambda conn: audit.record(conn, None, "staff.code", name, store.now))
    if as_json:
        json_line({"name": name, "code": made})
    else:
        typer.echo(made)
        say(f"once, within 24 hours, {name} writes to the bot on Telegram: /staff {made}")


@commands.command("list")
def list_(*, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """List everybody, and until when they are on duty."""
    with opened(config) as store:
        everybody = store.read(staff.list_)
        on_duty = {one.staff_id: one.until for one in store.read(lambda conn: duty.members(conn, store.now))}
        zone = store.settings.bot.timezone
    rows = [
        (one.name, grant.role, grant.centre, one.disabled, local(on_duty.get(one.id), zone) or None)
        for one in everybody
        for grant in sorted(one.grants, key=lambda grant: (grant.centre, grant.role))
    ]
    table(("name", "role", "centre", "disabled", "on_duty_until"), rows, as_json=as_json)


@commands.command()
def disable(name: Name, *, yes: Yes = False, dry_run: DryRun = False, config: Config = BOT_TOML) -> None:
    """Shut somebody out at once; what they wrote stays, and their cases wait for a colleague."""
    with opened(config) as store:
        if name not in {one.name for one in store.read(staff.list_)}:
            raise _unknown(name)
        if dry_run:
            say(f"{name} would be shut out")
            return
        if not agreed(f"Shut {name} out?", yes=yes):
            raise typer.Exit(1)
        tools = desk(store)
        store.run(lambda conn: dismiss(conn, tools, name, store.now))
        store.run(lambda conn: audit.record(conn, None, "staff.disable", name, store.now))


def _grant(store: Store, role: StaffRole, centre: str) -> Grant:
    centres = [one.id for one in store.settings.centre]
    if centre not in {*centres, EVERYWHERE}:
        raise Refused(f"--centre {centre}", "no such centre", f"write one of {', '.join(centres)}", status=2)
    return Grant(role.value, centre)


def _granted(name: str, given: Grant, *, as_json: bool) -> None:
    if as_json:
        json_line({"name": name, "role": given.role, "centre": given.centre})
    else:
        say(f"{name} may {MAY[StaffRole(given.role)]} --as {name}")


def _unknown(name: str) -> Refused:
    return Refused(name, "no such member of staff", "spean staff list shows who there is")
