"""`spean staff`: who answers people, with which role, at which centre.

Never touches a case.
"""

from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.options import BOT_TOML, Config, DryRun, Json, Yes
from bot.cli.output import agreed, json_line, say, table
from bot.cli.refused import Refused
from bot.cli.store import opened
from storage import audit, staff
from storage.staff import EVERYWHERE, Grant

commands = typer.Typer(no_args_is_help=True, help="Members of staff, their roles and centres.")


class StaffRole(StrEnum):
    """What somebody may do: see states and numbers, answer people, or everything."""

    viewer = "viewer"
    caseworker = "caseworker"
    admin = "admin"


Name = Annotated[str, typer.Argument(help="The short name that --as takes.")]


@commands.command()
def add(
    name: Name,
    role: Annotated[StaffRole, typer.Option(help="What they may do.")] = StaffRole.caseworker,
    centre: Annotated[str, typer.Option(help="The centre's id; all centres without it.")] = EVERYWHERE,
    *,
    restricted: Annotated[bool, typer.Option("--restricted", help="They may see danger cases.")] = False,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Add a member of staff."""
    if not name.isprintable() or not name or " " in name or len(name) > 40:
        raise Refused(
            f"the name {name!r}", "it is no short name", "use 1 to 40 characters without spaces", status=2
        )
    with opened(config) as store:
        centres = [one.id for one in store.settings.centre]
        if centre not in {*centres, EVERYWHERE}:
            raise Refused(
                f"--centre {centre}", "no such centre", f"write one of {', '.join(centres)}", status=2
            )
        grant = Grant(role.value, centre, restricted)
        made = store.run(lambda conn: staff.add(conn, name, [grant], store.now))
        if made is None:
            raise Refused(name, "somebody has this name already", "choose another name")
        store.run(lambda conn: audit.record(conn, None, "staff.add", name, store.now))
    if as_json:
        json_line({"name": name, "role": role.value, "centre": centre, "restricted": restricted})
    else:
        say(f"{name} may answer: spean case list --as {name}")


@commands.command("list")
def list_(*, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """List everybody."""
    with opened(config) as store:
        everybody = store.read(staff.list_)
    rows = [
        (one.name, grant.role, grant.centre, grant.restricted, one.disabled)
        for one in everybody
        for grant in sorted(one.grants, key=lambda grant: (grant.centre, grant.role))
    ]
    table(("name", "role", "centre", "restricted", "disabled"), rows, as_json=as_json)


@commands.command()
def disable(name: Name, *, yes: Yes = False, dry_run: DryRun = False, config: Config = BOT_TOML) -> None:
    """Shut somebody out at once; what they wrote stays."""
    with opened(config) as store:
        if name not in {one.name for one in store.read(staff.list_)}:
            raise Refused(name, "no such member of staff", "spean staff list shows who there is")
        if dry_run:
            say(f"{name} would be shut out")
            return
        if not agreed(f"Shut {name} out?", yes=yes):
            raise typer.Exit(1)
        store.run(lambda conn: staff.disable(conn, name))
        store.run(lambda conn: audit.record(conn, None, "staff.disable", name, store.now))
