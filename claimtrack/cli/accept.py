"""``claimtrack accept``: sign the computed status of claims into their files."""

import getpass
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

import click

from claimtrack.cli.entry import confirm_changes
from claimtrack.cli.main import ExitStatus
from claimtrack.cli.options import as_of_option, checks_option, refuse_swapped
from claimtrack.cli.printing import print_text
from claimtrack.cli.registry import audited, registry_at, with_checks
from claimtrack.edit.change import Stamp, stamps, write_all
from claimtrack.edit.sign import Signing, signed_file, signing
from claimtrack.engine.audit import Audit
from claimtrack.engine.signature import RULES_CHANGED, SUSPECT
from claimtrack.escape import for_log_line
from claimtrack.files.locations import Locations
from claimtrack.lint.claims import UNSETTLED
from claimtrack.model.verdict import DECIDED, Status
from claimtrack.registry import Registry
from claimtrack.report.words import counted


@click.command("accept")
@click.argument("claims", nargs=-1, metavar="[CLAIM]...")
@click.argument("path", type=click.Path())
@click.option(
    "--all",
    "takes_all",
    is_flag=True,
    help="In place of names: all claims that were said and are not signed as what they are.",
)
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice([one.value for one in Status]),
    help="With --all: those with this status only; may be given several times. Without it, all "
    "that are decided, overdue, conflicting or without enough evidence.",
)
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
    takes_all: bool,  # noqa: FBT001 - click passes it by name
    statuses: tuple[str, ...],
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
    if takes_all is bool(claims):
        raise click.UsageError("expected the ids of claims, or --all, and not both.")
    if statuses and not takes_all:
        raise click.UsageError("--status goes with --all.")
    refuse_swapped(claims, path)
    seen = stamps(path)
    registry = registry_at(path)
    registry = with_checks(registry, path, checks)
    if takes_all:
        audit = audited(registry, as_of)
        claims = tuple(to_sign(audit, frozenset(map(Status, statuses)) or SETTLED_OR_LOST))
    else:
        audit = audited(registry, as_of, claims=claims)
    signer = by or login_name()
    signings = [signing(audit, id_, by=signer, because=because) for id_ in dict.fromkeys(claims)]
    for id_ in dict.fromkeys(claims):
        claim = registry.claims[id_]
        if audit.is_changed_by_rules(claim):
            status = audit.outcomes[claim.id].status
            told = f"{claim.id}: {RULES_CHANGED}: it was signed as {claim.status}, and is {status}"
            print_text(for_log_line(told))
    return write_signings(signings, registry, path, seen, verb="sign", yes=yes)


def write_signings(
    signings: Sequence[Signing],
    registry: Registry,
    path: str,
    seen: Mapping[Path, Stamp],
    *,
    verb: str,
    yes: bool,
) -> ExitStatus:
    """Show what *signings* change in the files at *path*, ask, and write all or none."""
    locations = registry.locations
    assert isinstance(locations, Locations)  # noqa: S101 - as of any loaded registry
    by_file: dict[str, list[Signing]] = {}
    for one in signings:
        by_file.setdefault(locations.file_of("claim", one.claim) or "", []).append(one)
    changes = [signed_file(Path(file), some) for file, some in by_file.items()]
    if all(change.before == change.after for change in changes):
        print_text("nothing to change")
        return ExitStatus.DONE
    if not confirm_changes(changes, yes=yes, question=f"{verb}?"):
        print_text(f"nothing is {verb}ed")
        return ExitStatus.FINDINGS
    root = Path(path)
    files = {change.path: seen.get(change.path, ()) for change in changes}
    write_all(changes, root if root.is_dir() else None, files)
    print_text(f"{verb}ed {counted(len(signings), 'claim')}")
    return ExitStatus.DONE


SETTLED_OR_LOST: Final = DECIDED | UNSETTLED
"""The statuses that ``check`` asks to be signed."""


def to_sign(audit: Audit, statuses: AbstractSet[Status]) -> Iterator[str]:
    """
    Iterate over the claims with one of *statuses* that are not signed as what they are.

    Left out are those whose signature stands: it says the same status, and is not suspect; and
    those that a function decided when they were signed, if it is not asked now.
    """
    for id_, outcome in audit.outcomes.items():
        claim = audit.records.claims[id_]
        if outcome.status not in statuses or audit.lacks_check(id_):
            continue
        is_signed = claim.signed is not None and claim.status is outcome.status
        if not is_signed or SUSPECT in audit[id_].marks:
            yield id_


def login_name() -> str:
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
