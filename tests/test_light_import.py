"""What `import claimtrack` loads: the standard library and attrs, and little of its own."""

import json
import subprocess
import sys

ALLOWED = {"attr", "attrs", "claimtrack"}
WHERE_INSTALLED = {"orjson"}  # for lines of JSON, if the extra fast is there

PROBE = """
import json, sys
before = set(sys.modules)
{statement}
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def loaded_by(statement: str) -> list[str]:
    """Return the names of the modules that a fresh interpreter loads for *statement*."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROBE.format(statement=statement)],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(run.stdout)


def foreign(modules: list[str]) -> set[str]:
    roots = {module.partition(".")[0] for module in modules}
    # The build's own settings, which zoneinfo asks for, are named after the platform.
    roots -= {root for root in roots if root.startswith("_sysconfigdata")}
    return roots - ALLOWED - sys.stdlib_module_names


def test_importing_the_package_loads_the_standard_library_and_attrs_only():
    assert foreign(loaded_by("import claimtrack")) == set()


def test_importing_the_package_loads_none_of_its_rooms():
    rooms = {"cli", "report", "files", "score", "bulk", "strategies"}

    loaded = loaded_by("import claimtrack")

    assert [name for name in loaded if name.split(".")[1:2] and name.split(".")[1] in rooms] == []


def test_reading_writing_and_deciding_need_the_standard_library_and_attrs_only():
    statement = "import claimtrack; claimtrack.Registry; claimtrack.load; claimtrack.dump"

    assert foreign(loaded_by(statement)) <= WHERE_INSTALLED


def test_reading_lines_of_json_needs_nothing_that_toml_needs():
    loaded = loaded_by("import claimtrack; claimtrack.load")

    assert {name for name in loaded if "toml" in name} <= {"claimtrack.files.toml_writer"}


def test_an_audit_loads_neither_the_bulk_engine_nor_openssl_nor_archives():
    loaded = loaded_by("import claimtrack.cli.audit, claimtrack.files.toml; claimtrack.load")

    assert [name for name in loaded if name.startswith("claimtrack.bulk")] == []
    assert {"_hashlib", "gzip", "tempfile", "csv", "claimtrack.files.positions"} & {
        *loaded
    } == set()


def test_nothing_opens_a_socket_on_import():
    assert "socket" not in loaded_by("import claimtrack, claimtrack.model, claimtrack.engine")
