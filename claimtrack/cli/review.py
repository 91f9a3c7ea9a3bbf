"""``claimtrack review``: a second signature of what was signed, by somebody else."""

import click

from claimtrack.cli.accept import login_name, write_signings
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import as_of_option, checks_option, refuse_swapped
from claimtrack.cli.registry import audited, registry_at, with_checks
from claimtrack.edit.change import stamps
from claimtrack.edit.sign import reviewing


@click.command("review")
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...")
@click.argument("path", type=click.Path())
@as_of_option
@checks_option
@click.option(
    "--by",
    envvar="CLAIMTRACK_BY",
    metavar="NAME",
    help="Who reviews; the name of the login if neither this nor CLAIMTRACK_BY is given.",
)
@click.option("--because", metavar="TEXT", help="Why, for those who read the file later.")
@click.option("--yes", is_flag=True, help="Write without asking.")
def command(
    claims: tuple[str, ...],
    path: str,
    as_of: str,
    checks: tuple[str, ...],
    by: str | None,
    because: str | None,
    yes: bool,  # noqa: FBT001 - click passes it by name
) -> ExitStatus:
    """
    Sign a second time what somebody else has signed for each CLAIM.

    The signed status has to be the computed one, and what it rests on unchanged. Names that differ
    in case, accents or punctuation alone, and the aliases of one speaker, are one person.
    """
    refuse_swapped(claims, path)
    seen = stamps(path)
    registry = with_checks(registry_at(path), path, checks)
    audit = audited(registry, as_of, claims=claims)
    reviewer = by or login_name()
    signings = [
        reviewing(audit, id_, by=reviewer, because=because) for id_ in dict.fromkeys(claims)
    ]
    return write_signings(signings, registry, path, seen, verb="review", yes=yes)
