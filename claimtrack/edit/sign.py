"""Sign computed statuses in the files of claims."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs

from claimtrack.edit.change import BOM, FileChange, text_of
from claimtrack.edit.toml import EditError, TablePath, with_keys
from claimtrack.engine.audit import Audit
from claimtrack.engine.signature import SUSPECT, are_different_people, fingerprint
from claimtrack.files.jsonl import careful_table
from claimtrack.files.write import json_line
from claimtrack.lint.claims import UNSETTLED
from claimtrack.model.claim import EDITION, Claim, Signature
from claimtrack.model.fields import identifier
from claimtrack.model.verdict import Status


@attrs.frozen(kw_only=True)
class Signing:
    """
    What is to be written for one claim.

    Args:
        claim: The id of the claim.
        keys: The keys that it gets: its status and who signed it, or who reviewed that.
        readings: The status of each reading that is signed too, by its number.
    """

    claim: str
    keys: Mapping[str, Any]
    readings: Mapping[int, str] = attrs.Factory(dict)


def signing(audit: Audit, claim_id: str, *, by: str | None, because: str | None) -> Signing:
    """
    Return what is to be signed for a claim as of the day of *audit*.

    A reading is signed if it has a status already, or one that has to be recorded.

    Raises:
        UnknownRecordError: There is no such claim.
        NotYetSaidError: It had not been made by that day.
        FieldError: *by* or *because* is empty.
        EditError: It was signed as decided by a function, and *audit* did not ask that.
    """
    status = audit[claim_id].status
    claim = audit.records.claims[claim_id]
    if audit.lacks_check(claim_id):
        message = f"claim {claim_id!r} was signed as decided by a function, which was not asked"
        raise EditError(f"{message}; name the file that holds it: --checks FILE")
    readings = dict(_readings(claim, audit))
    signed = _with_statuses(claim, status, readings)
    keys = {"status": status.value, "signed": _signature(audit, signed, by, because)}
    return Signing(claim=claim_id, keys=keys, readings=readings)


def reviewing(audit: Audit, claim_id: str, *, by: str | None, because: str | None) -> Signing:
    """
    Return the review of what was signed for a claim, as of the day of *audit*.

    Raises:
        UnknownRecordError: There is no such claim.
        NotYetSaidError: It had not been made by that day.
        FieldError: *by* or *because* is empty.
        EditError: It was not signed by that day as what it is, or by the same person.
    """
    claim = audit.records.claims[claim_id]
    status = audit[claim_id].status
    what = f"claim {claim_id!r}"
    if claim.signed is None or claim.status is None or claim.signed.on.first > audit.day:
        raise EditError(f"{what} is not signed; expected claimtrack accept first")
    if audit.lacks_check(claim_id) or claim.status is not status:
        message = f"{what} was signed as {claim.status}, and is {status} as of {audit.as_of}"
        raise EditError(f"{message}; expected claimtrack accept first")
    if SUSPECT in audit[claim_id].marks:
        message = f"what {what} rests on has changed since it was signed"
        raise EditError(f"{message}; expected claimtrack accept first")
    if not are_different_people(claim.signed.by, by, audit.records.speakers.by_id.values()):
        signer = claim.signed.by or "nobody by name"
        raise EditError(f"{what} was signed by {signer}; expected another person to review it")
    return Signing(claim=claim_id, keys={"reviewed": _signature(audit, claim, by, because)})


def _signature(
    audit: Audit, claim: Claim, by: str | None, because: str | None
) -> Mapping[str, Any]:
    """Return the keys of a signature of *claim*, as it is to be."""
    signature = Signature(
        on=str(audit.as_of),
        by=by,
        because=because,
        fingerprint=fingerprint(claim, audit.rests_on(claim.id), audit.records),
        edition=EDITION,
    )
    kept = {key: getattr(signature, key) for key in ("by", "because", "fingerprint", "edition")}
    return {
        "on": date.fromordinal(int(audit.day)),
        **{key: value for key, value in kept.items() if value},
    }


def _with_statuses(claim: Claim, status: Status, readings: Mapping[int, str]) -> Claim:
    signed = [
        attrs.evolve(reading, status=readings.get(number, reading.status))
        for number, reading in enumerate(claim.readings)
    ]
    return attrs.evolve(claim, status=status, readings=signed)


def _readings(claim: Claim, audit: Audit) -> Iterator[tuple[int, str]]:
    verdicts = audit[claim.id].readings
    for number, (reading, verdict) in enumerate(zip(claim.readings, verdicts, strict=True)):
        if reading.status is not None or verdict.status in UNSETTLED:
            yield number, verdict.status.value


def signed_file(path: Path, signings: Iterable[Signing]) -> FileChange:
    """
    Return the file *path* with the claims in it signed.

    Raises:
        EditError: It is written in a way that cannot be changed safely.
        OSError: It cannot be read.
    """
    content = path.read_bytes()
    before = text_of(path, content)
    if path.name.endswith(".toml"):
        mark = BOM if before.startswith(BOM) else ""
        after = mark + with_keys(before.removeprefix(BOM), dict(_changes(before, signings)))
    else:
        after = _signed_lines(before, {one.claim: one for one in signings})
    return FileChange(path, content, before, after)


def _changes(text: str, signings: Iterable[Signing]) -> Iterator[tuple[TablePath, dict[str, Any]]]:
    import tomllib  # noqa: PLC0415 - only TOML needs it

    claims = tomllib.loads(text.removeprefix(BOM).replace("\r\n", "\n")).get("claim", [])
    numbers = {identifier(claim["id"]): number for number, claim in enumerate(claims)}
    for one in signings:
        if one.claim not in numbers:
            raise EditError(f"claim {one.claim!r} has gone from its file since it was loaded")
        number = numbers[one.claim]
        yield ("claim", number), {key: _plain(value) for key, value in one.keys.items()}
        for reading, status in one.readings.items():
            yield ("claim", number, "reading", reading), {"status": status}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a text, or the keys of a signature
    return value if isinstance(value, str) else dict(value)


def _signed_lines(text: str, signings: Mapping[str, Signing]) -> str:
    lines, left = [], set(signings)
    # At line feeds and nowhere else: a quote may hold other characters that end a line.
    for line in text.split("\n"):
        table = careful_table(line.removeprefix(BOM))
        is_claim = isinstance(table, dict) and table.get("type") == "claim"
        id_ = identifier(table["id"]) if is_claim else None  # type: ignore[index]
        if id_ is None or id_ not in signings:
            lines.append(line)
            continue
        assert isinstance(table, dict)  # noqa: S101 - just seen
        left.discard(id_)
        mark = BOM if line.startswith(BOM) else ""
        end = line[len(line.rstrip(" \t\r")) :]
        signed = _signed_line(table, signings[id_]).removesuffix("\n")
        lines.append(f"{mark}{signed}{end}")
    if left:
        raise EditError(f"claim {min(left)!r} has gone from its file since it was loaded")
    return "\n".join(lines)


def _signed_line(table: dict[str, Any], one: Signing) -> str:
    kind = table.pop("type")
    for key, value in one.keys.items():
        table[key] = value if isinstance(value, str) else {**value, "on": str(value["on"])}
    for number, status in one.readings.items():
        table["reading"][number]["status"] = status
    return json_line((kind, table))
