import json
import re
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import attrs
import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from claimtrack.errors import Finding, Location, Problem, Record, Severity
from claimtrack.escape import visible
from claimtrack.report import ci as sarif
from claimtrack.report.ci import MOST_ROWS, REPORTS, summary
from claimtrack.report.findings import Report, finding
from claimtrack.report.table import Table
from tests.report.hostile import INJECTIONS, acting, commands, texts

SCHEMAS = Path(__file__).with_name("schemas")
SARIF = jsonschema.Draft202012Validator(
    json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8"))
)
PIPELINE = Record(kind="claim", id="siberia-pipeline")
SAMPLE = Report(
    findings=[
        Finding(
            code="CT602",
            message="fact 'trade-rank' has a value of 2016; expected a review every 90 days",
            severity=Severity.NOTE,
            record=Record(kind="fact", id="trade-rank"),
        ),
        Finding(
            code="CT601",
            message="claim 'siberia-pipeline' is recorded as 'held', computed 'pending'",
            location=Location("registry/claims.toml", 14, 10),
            hint="run: claimtrack accept siberia-pipeline",
            severity=Severity.ERROR,
            record=PIPELINE,
        ),
    ],
    checked=[
        PIPELINE,
        Record(kind="claim", id="baltic-exercise"),
        Record(kind="fact", id="trade-rank"),
    ],
    rules={"CT601": "A recorded status is not the computed one."},
    as_of="2019-12-01",
    version="0.1.0",
)

locations = st.none() | st.builds(
    Location, texts(max_size=30), st.integers(1, 99), st.integers(1, 99)
)
records = st.builds(Record, kind=st.sampled_from(["claim", "fact"]), id=texts(max_size=30))
findings = st.builds(
    Finding,
    code=st.sampled_from(["CT601", "CT602", "CT603"]),
    message=texts(),
    location=locations,
    hint=st.none() | texts(),
    severity=st.sampled_from(Severity),
    record=st.none() | records,
)
reports = st.builds(
    Report,
    findings=st.lists(findings, max_size=4),
    checked=st.lists(records, max_size=3, unique=True),
    fail_on=st.sampled_from(Severity),
)


def hostile(text):
    """Return a report that has *text* wherever a report has text."""
    one = Finding(
        code="CT601",
        message=text,
        location=Location(text, 1, 1),
        hint=text,
        severity=Severity.ERROR,
        record=Record(kind="claim", id=text),
    )
    return Report(
        findings=[one, Finding(code="CT602", message=text, severity=Severity.NOTE)],
        checked=[Record(kind="claim", id=f"x{text}")],
    )


def test_text():
    assert REPORTS["text"](SAMPLE) == (
        "registry/claims.toml:14:10: CT601 error: claim 'siberia-pipeline' is recorded as 'held', "
        "computed 'pending' (hint: run: claimtrack accept siberia-pipeline)\n"
        "CT602 note: fact 'trade-rank' has a value of 2016; expected a review every 90 days\n"
        "1 error, 1 note in 3 records\n"
    )


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (34, "1 error, 1 note in 34 records"),
        (1, "1 error, 1 note in 1 record"),
        (None, "1 error, 1 note; the registry cannot be read"),
    ],
)
def test_the_sentence_counts_records_of_every_kind(records, expected):
    assert attrs.evolve(SAMPLE, records=records).sentence == expected


def test_github():
    assert REPORTS["github"](SAMPLE) == (
        "::error title=CT601 claim siberia-pipeline,file=registry/claims.toml,line=14,col=10::"
        "claim 'siberia-pipeline' is recorded as 'held', computed 'pending'"
        "%0Ahint: run: claimtrack accept siberia-pipeline\n"
        "::notice title=CT602 fact trade-rank::"
        "fact 'trade-rank' has a value of 2016; expected a review every 90 days\n"
        "1 error, 1 note in 3 records\n"
    )


def test_junit():
    assert REPORTS["junit"](SAMPLE) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuites name="claimtrack" tests="3" failures="1" errors="0">\n'
        '<testsuite name="claimtrack" tests="3" failures="1" errors="0" skipped="0">\n'
        "<properties>\n"
        '<property name="as_of" value="2019-12-01"/>\n'
        '<property name="version" value="0.1.0"/>\n'
        "</properties>\n"
        '<testcase classname="claimtrack.claim" name="siberia-pipeline">\n'
        '<failure type="CT601" message="claim &#39;siberia-pipeline&#39; is recorded as '
        '&#39;held&#39;, computed &#39;pending&#39;">registry/claims.toml:14:10: CT601 error: '
        "claim &#39;siberia-pipeline&#39; is recorded as &#39;held&#39;, computed &#39;pending&#39;"
        " (hint: run: claimtrack accept siberia-pipeline)</failure>\n"
        "</testcase>\n"
        '<testcase classname="claimtrack.claim" name="baltic-exercise"/>\n'
        '<testcase classname="claimtrack.fact" name="trade-rank">\n'
        "<system-out>CT602 note: fact &#39;trade-rank&#39; has a value of 2016; "
        "expected a review every 90 days</system-out>\n"
        "</testcase>\n"
        "</testsuite>\n"
        "</testsuites>\n"
    )


def test_sarif():
    log = json.loads(REPORTS["sarif"](SAMPLE))

    (run,) = log["runs"]
    assert run["tool"]["driver"] == {
        "name": "claimtrack",
        "version": "0.1.0",
        "rules": [
            {
                "id": "CT601",
                "shortDescription": {"text": "A recorded status is not the computed one."},
            },
            {"id": "CT602"},
        ],
    }
    first, second = run["results"]
    prints = [
        result.pop("partialFingerprints")["claimtrackFinding/v1"] for result in (first, second)
    ]
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in prints)
    assert first == {
        "ruleId": "CT601",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "claim 'siberia-pipeline' is recorded as 'held', computed 'pending' "
            "(hint: run: claimtrack accept siberia-pipeline)"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "registry/claims.toml"},
                    "region": {"startLine": 14, "startColumn": 10},
                },
                "logicalLocations": [
                    {
                        "name": "siberia-pipeline",
                        "fullyQualifiedName": "claim siberia-pipeline",
                    }
                ],
            }
        ],
    }
    assert second["level"] == "note"
    assert "physicalLocation" not in second["locations"][0]


def many(*severities):
    return [
        Finding(code="CT601", message=f"{number} of {severity}", severity=severity)
        for severity, count in severities
        for number in range(count)
    ]


def results(report):
    return json.loads(REPORTS["sarif"](report))["runs"][0]["results"]


def test_sarif_puts_a_finding_without_a_place_into_the_first_file():
    report = attrs.evolve(SAMPLE, first_file="registry/a.toml")

    assert [one["locations"][0]["physicalLocation"] for one in results(report)] == [
        {
            "artifactLocation": {"uri": "registry/claims.toml"},
            "region": {"startLine": 14, "startColumn": 10},
        },
        {
            "artifactLocation": {"uri": "registry/a.toml"},
            "region": {"startLine": 1, "startColumn": 1},
        },
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("registry/a.toml", "registry/a.toml"),
        ("registry\\a.toml", "registry/a.toml"),
        (PureWindowsPath("registry", "a.toml"), "registry/a.toml"),
        (PurePosixPath("reg/a\\b.toml"), "reg/a%5Cb.toml"),
        ("50 % \u00e9:#?.toml", "50%20%25%20%C3%A9%3A%23%3F.toml"),
        ("r\udcff/a.toml", "r%FF/a.toml"),
        ("/srv/a b.toml", "file:///srv/a%20b.toml"),
        ("//srv/a.toml", "file:///srv/a.toml"),
        ("D:\\a\\b c.toml", "file:///D:/a/b%20c.toml"),
    ],
)
def test_sarif_names_files_by_uris(path, expected):
    report = attrs.evolve(SAMPLE, in_repository=lambda _: path)

    found = results(report)[0]["locations"][0]["physicalLocation"]

    assert found["artifactLocation"] == {"uri": expected}


def test_sarif_has_at_most_as_many_results_as_are_taken_and_counts_the_others(monkeypatch):
    monkeypatch.setattr(sarif, "MOST_RESULTS", 4)
    found = many((Severity.NOTE, 2), (Severity.WARNING, 2), (Severity.ERROR, 1))
    report = Report(findings=found, first_file="a.toml")

    (run,) = json.loads(REPORTS["sarif"](report))["runs"]

    assert [one["level"] for one in run["results"]] == ["error", "warning", "warning", "note"]
    told = (
        "1 of 5 findings are left out of the results, the mildest ones: 1 note; "
        "code scanning takes 4"
    )
    assert run["invocations"] == [
        {
            "executionSuccessful": True,
            "toolExecutionNotifications": [{"level": "warning", "message": {"text": told}}],
        }
    ]
    SARIF.validate(json.loads(REPORTS["sarif"](report)))
    assert sarif.omitted_results(attrs.evolve(report, findings=found[:4])) == ""


def test_github_annotates_the_worst_and_tells_the_others_in_the_log():
    found = many((Severity.NOTE, 1), (Severity.WARNING, 12), (Severity.ERROR, 11))

    lines = REPORTS["github"](Report(findings=found)).splitlines()

    assert [line.partition(" ")[0] for line in lines] == [
        *["::error"] * 10,
        *["::warning"] * 10,
        "::notice",
        "1",
        "CT601",
        "CT601",
        "CT601",
        "11",
    ]
    assert lines[21:] == [
        "1 error, 2 warnings more; GitHub annotates 10 of each level in a step:",
        "CT601 error: 9 of error",
        "CT601 warning: 8 of warning",
        "CT601 warning: 9 of warning",
        "11 errors, 12 warnings, 1 note in 0 records",
    ]


def test_json():
    assert json.loads(REPORTS["json"](SAMPLE)) == {
        "as_of": "2019-12-01",
        "checked": 3,
        "counts": {"error": 1, "warning": 0, "note": 1},
        "findings": [
            {
                "code": "CT601",
                "severity": "error",
                "message": "claim 'siberia-pipeline' is recorded as 'held', computed 'pending'",
                "file": "registry/claims.toml",
                "line": 14,
                "column": 10,
                "kind": "claim",
                "id": "siberia-pipeline",
                "hint": "run: claimtrack accept siberia-pipeline",
            },
            {
                "code": "CT602",
                "severity": "note",
                "message": "fact 'trade-rank' has a value of 2016; expected a review every 90 days",
                "file": None,
                "line": None,
                "column": None,
                "kind": "fact",
                "id": "trade-rank",
                "hint": None,
            },
        ],
    }


def test_the_summary_of_a_step():
    audit = Table(title="Audit", header=["claim", "status"], rows=[["a|b", "held"]])
    one = Finding(
        code="CT601",
        message="it is *odd*",
        location=Location("a.toml", 14, 10),
        hint="look",
        severity=Severity.ERROR,
    )

    assert summary(Report(findings=[one], checked=[PIPELINE]), audit) == (
        "## claimtrack: 1 error in 1 record\n"
        "\n"
        "**Findings**\n"
        "\n"
        "| severity   | code   | where        | what                       |\n"
        "|:-----------|:-------|:-------------|:---------------------------|\n"
        "| ✗ error    | CT601  | a.toml:14:10 | it is \\*odd\\* (hint: look) |\n"
        "\n"
        "**Audit**\n"
        "\n"
        "| claim   | status   |\n"
        "|:--------|:---------|\n"
        "| a\\|b    | held     |\n"
    )


def test_a_long_summary_says_how_much_it_leaves_out():
    table = Table(header=["n"], rows=[[str(number)] for number in range(MOST_ROWS + 7)])

    text = summary(Report(findings=[]), table)

    assert text.startswith("## claimtrack: nothing found in 0 records\n\n| n ")
    assert text.count("\n| ") == MOST_ROWS + 1
    assert text.endswith("\n\nand 7 more\n")


@pytest.mark.parametrize("most", [1 << 20, 60_000, 300, 0])
def test_a_summary_never_has_more_bytes_than_are_taken(most):
    table = Table(title="Audit", header=["n", "what"], rows=[["1", "\u5929|" * 900]] * 700)
    found = [attrs.evolve(one, message="x|" * 2000) for one in many((Severity.ERROR, 700))]

    text = summary(Report(findings=found), table, most_bytes=most)

    head = "## claimtrack: 700 errors in 0 records\n"
    assert len(text.encode()) <= max(most, len(head))
    assert text.startswith(head)
    shown = [text.count("\n| \u2717 error"), text.count("\n| 1 ")]
    left = [int(one) for one in re.findall(r"^and (\d+) more$", text, re.MULTILINE)]
    assert [number for number in shown if number] == [700 - one for one in left if one < 700]
    assert (most < 1000) == (shown == [0, 0])


def test_findings_stand_in_the_order_of_their_places():
    def at(file, line, code="CT601"):
        return Finding(
            code=code, message="x", location=Location(file, line), severity=Severity.NOTE
        )

    nowhere = Finding(code="CT601", message="x", severity=Severity.ERROR)

    report = Report(findings=[nowhere, at("b", 1), at("a", 10), at("a", 9, "CT602"), at("a", 9)])

    assert report.findings == (at("a", 9), at("a", 9, "CT602"), at("a", 10), at("b", 1), nowhere)


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [
        (Severity.NOTE, ["CT601", "CT602"]),
        (Severity.WARNING, ["CT601"]),
        (Severity.ERROR, ["CT601"]),
    ],
)
def test_what_makes_a_check_fail_is_chosen(fail_on, failing):
    report = Report(findings=SAMPLE.findings, fail_on=fail_on)

    assert [one.code for one in report.failing] == failing
    assert REPORTS["junit"](report).count("<failure") == len(failing)


def test_a_problem_of_a_load_becomes_a_finding():
    problem = Problem(code="CT102", message="x", location=Location("a.toml", 1), hint="y")

    one = finding(problem)

    assert str(one) == str(problem)
    assert (one.severity, one.record) == (Severity.ERROR, None)


class TestInjections:
    """Every known trick wherever a report has text, in every form."""

    @pytest.mark.parametrize("form", [*REPORTS, "summary"])
    def test_nothing_acts(self, form):
        for trick, text in INJECTIONS.items():
            report = hostile(text)

            output = summary(report) if form == "summary" else REPORTS[form](report)

            own = [
                line for line in output.splitlines() if form == "github" and line.startswith("::")
            ]
            assert commands(output) == own, trick
            assert len(own) == (2 if form == "github" else 0), trick
            assert acting(output) <= {"U+000A"} | ({"U+200B"} if form == "summary" else set()), (
                trick
            )
            output.encode("utf-8")
            assert output.endswith("\n")

    @pytest.mark.parametrize("form", ["text", "github"])
    def test_each_finding_is_one_line(self, form):
        for trick, text in INJECTIONS.items():
            assert REPORTS[form](hostile(text)).count("\n") == 3, trick


def parsed_by_the_runner(line):
    """Read a workflow command as GitHub's runner does: name, properties, message."""
    match = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert match
    name, listed, data = match.groups()
    properties = {}
    for pair in filter(None, listed.split(",")):
        key, text = pair.split("=", 1)
        for sign, code in (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25")):
            text = text.replace(code, sign)
        properties[key] = text
    return name, properties, unquote(data)


class TestForms:
    """Independent readers find every finding in each form."""

    @given(reports)
    @example(Report(findings=[attrs.evolve(SAMPLE.findings[0], message="\r", hint="\r\n")]))
    def test_github(self, report):
        *lines, _ = REPORTS["github"](report).splitlines()

        for line, one in zip(lines, report.worst_first(), strict=True):
            name, properties, message = parsed_by_the_runner(line)

            assert name == {"error": "error", "warning": "warning", "note": "notice"}[one.severity]
            assert set(properties) - {"title", "file", "line", "col"} == set()
            assert properties.get("line") == (one.location and str(one.location.line))
            told = [one.message] if one.hint is None else [one.message, f"hint: {one.hint}"]
            parts = [part for text in told for part in text.replace("\r\n", "\n").split("\n")]
            assert message.replace("\\[", "[") == "\n".join(map(visible, parts)).replace("\\[", "[")

    @given(reports)
    def test_junit(self, report):
        root = ET.fromstring(REPORTS["junit"](report))

        (suite,) = root
        cases = suite.findall("testcase")
        failed = [case for case in cases if case.find("failure") is not None]
        assert suite.get("tests") == root.get("tests") == str(len(cases))
        assert suite.get("failures") == root.get("failures") == str(len(failed))
        text = "\n".join(
            case.findtext(tag) or "" for case in cases for tag in ("failure", "system-out")
        )
        assert sum(
            bool(re.search("CT60[123] (error|warning|note): ", line)) for line in text.split("\n")
        ) >= len(report.findings)
        assert bool(failed) is bool(report.failing)

    @given(reports)
    def test_sarif_is_valid_and_whole(self, report):
        log = json.loads(REPORTS["sarif"](report))

        SARIF.validate(log)
        (run,) = log["runs"]
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert len(run["results"]) == len(report.findings)
        for result, one in zip(run["results"], report.worst_first(), strict=True):
            assert (result["ruleId"], rules[result["ruleIndex"]]) == (one.code, one.code)
            text = re.sub(r"\{\{|\}\}", lambda match: match[0][0], result["message"]["text"])
            told = one.message if one.hint is None else f"{one.message} (hint: {one.hint})"
            assert text.replace("] (", "](") == visible(told).replace("] (", "](")
            assert "](" not in text
            assert not re.search(r"(?<!\{)(\{\{)*\{\d", result["message"]["text"])

    @given(reports)
    def test_addresses_of_files_have_no_host(self, report):
        for result in json.loads(REPORTS["sarif"](report))["runs"][0]["results"]:
            for location in result.get("locations", []):
                if "physicalLocation" in location:
                    uri = location["physicalLocation"]["artifactLocation"]["uri"]

                    assert urlsplit(uri)[:2] in {("", ""), ("file", "")}
                    assert re.fullmatch(r"(file:///([A-Za-z]:)?)?[A-Za-z0-9_.~/%-]*", uri)

    @given(reports)
    def test_json_loses_nothing(self, report):
        read = json.loads(REPORTS["json"](report))

        assert sum(read["counts"].values()) == len(read["findings"]) == len(report.findings)
        for item, one in zip(read["findings"], report.findings, strict=True):
            assert item["message"] == re.sub(
                "[\ud800-\udfff]", lambda match: ascii(match.group())[1:-1], one.message
            )

    @given(reports)
    def test_the_summary_has_one_table_of_plain_words(self, report):
        tokens = MarkdownIt("commonmark").enable("table").parse(summary(report))

        kinds = [token.type for token in tokens]
        assert kinds.count("tr_open") == (len(report.findings) + 1 if report.findings else 0)
        assert {"html_block", "fence", "code_block"} & set(kinds) == set()
        inner = {part.type for token in tokens for part in token.children or []}
        assert inner <= {"text", "text_special", "strong_open", "strong_close"}

    @given(reports)
    def test_equal_reports_give_equal_bytes(self, report):
        twin = Report(
            findings=list(report.findings), checked=list(report.checked), fail_on=report.fail_on
        )

        assert all(write(report) == write(twin) for write in REPORTS.values())


class TestSchemas:
    """JUnit and SARIF are valid against what others publish."""

    def test_the_sarif_schema_refuses_what_is_wrong(self):
        log = json.loads(REPORTS["sarif"](SAMPLE))
        log["runs"][0]["results"][0]["level"] = "fatal"

        assert not SARIF.is_valid(log)

    @pytest.mark.slow
    def test_junit_is_valid_for_every_known_trick(self):
        schema = junit_schema()

        every = [hostile(text) for text in INJECTIONS.values()]
        together = Report(
            findings=[one for report in every for one in report.findings],
            checked=[one for report in every for one in report.checked],
        )

        for report in (SAMPLE, together):
            schema.validate(REPORTS["junit"](report))

    @given(reports)
    def test_junit_is_valid_for_any_report(self, report):
        junit_schema().validate(REPORTS["junit"](report))

    def test_the_junit_schema_refuses_what_is_wrong(self):
        wrong = REPORTS["junit"](SAMPLE).replace("<testcase ", '<testcase line="1" ', 1)

        assert not junit_schema().is_valid(wrong)


def junit_schema(cache={}):  # noqa: B006 - read once for all examples
    xmlschema = pytest.importorskip("xmlschema", reason="xmlschema is not installed")
    if not cache:
        cache["schema"] = xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")
    return cache["schema"]
