"""``claimtrack accept``: sign the computed status of claims into their files."""

import getpass
from pathlib import Path

import click

from claimtrack.cli.entry import confirm_changes
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import as_of_option, checks_option, refuse_swapped
from claimtrack.cli.printing import print_text
from claimtrack.cli.registry import audited, registry_at, with_checks
from claimtrack.edit.change import stamps, write_all
from claimtrack.edit.sign import Signing, signed_file, signing
from claimtrack.engine.signature import RULES_CHANGED
from claimtrack.escape import for_log_line
from claimtrack.files.locations import Locations
from claimtrack.report.words import counted


@click.command("accept")
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...")
@click.argument("path", type=click.Path())
@as_of_option
@checks_option
@click.option(
    "--by",
    envvar="CLAIMTRACK_BY",
    metavar="NAME",
    help="Who signs; the name of the login if neither this nor CLAIMTRACK_BY is given.",
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
    Sign the computed status of each CLAIM into the file that it stands in.

    Shows what would change, and asks. The signature keeps the day, the name, the reason if one is
    given, and a fingerprint of what the status rests on.
    """
    refuse_swapped(claims, path)
    seen = stamps(path)
    registry = registry_at(path)
    registry = with_checks(registry, path, checks)
    audit = audited(registry, as_of, claims=claims)
    locations = registry.locations
    assert isinstance(locations, Locations)  # noqa: S101 - as of any loaded registry
    signer = by or _login()
    by_file: dict[str, list[Signing]] = {}
    for id_ in dict.fromkeys(claims):
        one = signing(audit, id_, by=signer, because=because)
        by_file.setdefault(locations.file_of("claim", id_) or "", []).append(one)
    for id_ in dict.fromkeys(claims):
        claim = registry.claims[id_]
        if audit.is_changed_by_rules(claim):
            status = audit.outcomes[claim.id].status
            told = f"{claim.id}: {RULES_CHANGED}: it was signed as {claim.status}, and is {status}"
            print_text(for_log_line(told))
    changes = [signed_file(Path(file), signings) for file, signings in by_file.items()]
    if all(change.before == change.after for change in changes):
        print_text("nothing to change")
        return ExitStatus.DONE
    if not confirm_changes(changes, yes=yes, question="sign?"):
        print_text("nothing is signed")
        return ExitStatus.FINDINGS
    root = Path(path)
    files = {change.path: seen.get(change.path, ()) for change in changes}
    write_all(changes, root if root.is_dir() else None, files)
    print_text(f"signed {counted(sum(map(len, by_file.values())), 'claim')}")
    return ExitStatus.DONE


def _login() -> str:
    """
    Return the name of the login.

    Raises:
        UsageError: It has none, as in a container that runs under a bare number.
    """
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError) as error:
        message = "this login has no name; say who signs: --by NAME, or CLAIMTRACK_BY"
        raise click.UsageError(message) from error
