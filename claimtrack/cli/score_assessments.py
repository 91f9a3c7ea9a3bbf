"""What ``claimtrack score --assessments`` prints."""

from collections.abc import Iterator
from typing import Any, Final

import attrs

from claimtrack.cli.options import in_colour, room
from claimtrack.cli.printing import print_as, print_data
from claimtrack.cli.score_forecasts import number
from claimtrack.cli.score_tables import percent
from claimtrack.engine.audit import Audit
from claimtrack.escape import for_json, for_log_line
from claimtrack.report.formats import READ_BY_PROGRAMS, render, render_sheet
from claimtrack.report.table import Sheet, Table
from claimtrack.score.assessments import AgreementReport, ScaleAgreement, assessor_agreement

COLUMNS: Final = (
    *("scale", "scale_title", "assessors", "claims", "percent"),
    *("fleiss", "alpha_nominal", "alpha_ordinal", "disputed", "unknown", "unscored"),
    "contradictory",
)


def print_agreement(audit: Audit, *, format_: str, colour: str) -> None:
    """Hold assessments against each other and print how far they agree."""
    report = assessor_agreement(audit)
    if format_ == "json":
        found = list(map(_scale_object, report.scales))
        shown = {"as_of": str(audit.as_of), "scales": found, "no_such_scale": report.no_such_scale}
        print_data(for_json(shown, indent=2) + "\n")
        return
    if format_ in READ_BY_PROGRAMS:
        print_data(render_sheet(scale_sheet(report), format_))
        return
    for table in (scale_table(audit, report), pair_table(report)):
        if table.rows:
            text = render(table, format_, width=room(), colour=in_colour(colour))
            print_as(format_, f"{text}\n")
    for line in notes(report):
        print_as(format_, f"{for_log_line(line)}\n")


def _scale_object(one: ScaleAgreement) -> dict[str, Any]:
    return {**attrs.asdict(one), "scale": one.scale.id}


def scale_sheet(report: AgreementReport) -> Sheet:
    """Return the rows of `scale_table` as values, with the keys of the JSON form."""
    records = ({**_scale_object(one), "scale_title": one.scale.title} for one in report.scales)
    return Sheet.of(COLUMNS, records)


def scale_table(audit: Audit, report: AgreementReport) -> Table:
    """Return one row for each scale."""
    header = (
        *("scale", "assessors", "claims rated twice", "equal", "Fleiss' kappa"),
        *("alpha, nominal", "alpha, ordinal"),
    )
    return Table(
        title=f"Agreement between assessors, as of {audit.as_of}",
        header=header,
        rows=[_scale_row(one) for one in report.scales],
        right=header[1:],
    )


def _scale_row(one: ScaleAgreement) -> tuple[str, ...]:
    return (
        one.scale.title,
        str(len(one.assessors)),
        str(one.claims),
        percent(one.percent),
        number(one.fleiss),
        number(one.alpha_nominal),
        number(one.alpha_ordinal),
    )


def pair_table(report: AgreementReport) -> Table:
    """Return one row for every two assessors who rated a claim in common."""
    return Table(
        header=("scale", "assessor", "and", "claims", "equal", "Cohen's kappa"),
        rows=[
            (
                one.scale.id,
                pair.first,
                pair.second,
                str(pair.claims),
                percent(pair.percent),
                number(pair.kappa),
            )
            for one in report.scales
            for pair in one.pairs
        ],
        right=("claims", "equal", "Cohen's kappa"),
    )


def notes(report: AgreementReport) -> Iterator[str]:
    """Iterate over what has to be said below the tables."""
    if not report.scales and not report.no_such_scale:
        yield "There are no assessments."
        return
    yield "Kappa and alpha: 1 is full agreement, 0 what chance gives; a dash where not defined."
    for one in report.scales:
        for text, ids in (
            ("Ratings differ on", one.disputed),
            ("Not on the scale", one.unknown),
            ("A state that the scale does not score", one.unscored),
            (
                "Differ from another of the same day and assessor, and do not count",
                one.contradictory,
            ),
        ):
            if ids:
                yield f"{one.scale.id}: {text} ({len(ids)}): {', '.join(ids)}."
    for scale, ids in report.no_such_scale.items():
        yield f"There is no scale {scale!r} ({len(ids)}): {', '.join(ids)}."
