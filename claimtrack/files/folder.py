"""
Find the files of a registry.

Only what lies in the folder is read. A symbolic link counts as what it leads to, provided that
this lies in the folder too, and what has several names is read once, under its own if it has one
that is not hidden. Links that would not be read are not looked at.

A file is opened by the path that the walk found it to have in the end, step by step from the
folder, without following a link: what became a link since then is not read.
"""

import errno
import io
import os
import re
import stat
import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias, cast

import attrs

from claimtrack.errors import MAX_COUNTED, MAX_LISTED, LoadError, Location, Problem, Problems


def _limit(default: int, what: str) -> int:
    return attrs.field(default=default, metadata={"what": what})


@attrs.frozen(kw_only=True)
class Limits:
    """
    Bounds on the files of a registry, each inclusive.

    Bytes are those of the unpacked text. Reading TOML takes some ten to twenty times as much
    memory; JSON lines are read piece by piece.
    """

    text_bytes: int = _limit(64 << 20, "bytes of a TOML file")
    tables: int = _limit(
        2_000_000, "brackets that open a table or a list in a TOML file; dots likewise"
    )
    lines_bytes: int = _limit(16 << 30, "bytes of a file of JSON lines, unpacked")
    lines: int = _limit(50_000_000, "lines of such a file")
    line_bytes: int = _limit(4 << 20, "bytes of such a line")
    unpacked: int = _limit(
        100, "bytes that one byte of a packed file may unpack to, after the first 64 MB"
    )
    nesting: int = _limit(100, "lists and tables in each other, in TOML and JSON")
    files: int = _limit(1_000_000, "files and folders in a registry's folder")
    folders_deep: int = _limit(64, "folders in folders")
    problems: int = _limit(MAX_LISTED, "problems told of one load; further ones are counted")
    problems_counted: int = _limit(MAX_COUNTED, "problems counted before a load ends")


LIMITS: Final = Limits()
"""Far above what people keep: a hundred thousand claims with their evidence are 80 MB."""

UNPACKED_FREE: Final = 64 << 20
"""Bytes that any packed file may unpack to, however small it is."""

_OTHER: Final = re.compile(r"[^\[\]{}]+")


def too_deep(text: str, quoted: re.Pattern[str], most: int) -> int | None:
    """
    Return the offset of the first bracket in *text* that opens more than *most* levels, or None.

    Args:
        text: TOML or JSON, which need not be valid.
        quoted: What may hold brackets that open nothing.
        most: Levels.
    """
    left = _OTHER.sub("", quoted.sub("", text))
    for _ in range(most):  # each round takes at least the innermost level away
        before, left = left, left.replace("[]", "").replace("{}", "")
        if len(before) == len(left):
            break
    if not left:
        return None
    depth = 0
    for found in re.finditer(rf"{quoted.pattern}|[\[\]{{}}]", text, quoted.flags):
        if found[0] in {"[", "{"}:
            depth += 1
            if depth > most:
                return found.start()
        elif found[0] in {"]", "}"}:
            depth -= 1
    return None


ENDINGS: Final = (".toml", ".jsonl", ".jsonl.gz")
"""How the names of the files of a registry end."""
CLAIMS_TABLE: Final = "claims.parquet"
"""The table that makes a folder one of Parquet tables, which other code reads."""

Block: TypeAlias = tuple[int, str, int]
"""The number of a line, counted from 1, the text from there on, and how many lines that is."""


@attrs.frozen
class File:
    """
    One file of a registry, on disk or in memory.

    Args:
        name: Stands in errors; its ending tells the form.
        open: Opens it for reading; may raise an `OSError`.
    """

    name: str
    open: Callable[[], BinaryIO]


_UNREADABLE: Final = (OSError, EOFError, zlib.error)
BUFFER: Final = 1 << 15  # larger ones cost more: the system maps them anew each time


def read_text(file: File, limits: Limits = LIMITS) -> str:
    """
    Return the text of one file.

    Raises:
        LoadError: It cannot be read (CT001), is not UTF-8 or no whole gzip file (CT002), or is
            larger than the limits allow (CT003).
    """
    return _decoded(read_bytes(file, limits.text_bytes), file, 1)


def read_bytes(file: File, most: int) -> bytes:
    """
    Return the bytes of one file, unpacked, if they are not more than *most*.

    Raises:
        LoadError: As `read_text` does, but for bytes that are not UTF-8.
    """
    try:
        with file.open() as raw, _unpacked(file, raw) as unpacked:
            content = unpacked.read(most + 1)
    except _UNREADABLE as error:
        raise _unreadable(error, file, 1) from error
    if len(content) > most:
        raise _content_refusal("CT003", f"the file has more than {most} bytes", file, 1)
    return content.removeprefix(BOM_UTF8)


def blocks_of(
    file: File, limits: Limits = LIMITS, progress: Callable[[int], object] | None = None
) -> Iterator[Block]:
    """
    Iterate over the text of one file in blocks of whole lines; the last line may have no line feed.

    Args:
        file: What is read.
        limits: How long it and its lines may be.
        progress: Called before each block with how many bytes on disk have been read so far.

    Raises:
        LoadError: As `read_text` does, after the lines before the one where it is noticed; in a
            packed file, some of those before a damage may be lost with it.
    """
    number = 1
    try:
        with file.open() as raw, _unpacked(file, raw) as unpacked:
            size = 0
            for block, lines in _blocks_of_lines(unpacked, file, limits):
                size += len(block)
                _check_amount(file, raw, size, number + lines - 1, limits)
                if progress is not None:
                    progress(raw.tell())
                whole = block.removeprefix(BOM_UTF8) if number == 1 else block
                yield from _texts(whole, file, number, lines)
                number += lines
    except _UNREADABLE as error:
        raise _unreadable(error, file, number) from error


def _check_amount(file: File, raw: BinaryIO, size: int, lines: int, limits: Limits) -> None:
    """
    Refuse more lines than there may be, and a small packed file that unpacks to a large one.

    Raises:
        LoadError: It is such a file (CT003).
    """
    if lines > limits.lines:
        message = f"the file has more than {limits.lines} lines"
        raise _content_refusal("CT003", message, file, limits.lines + 1)
    # A file that is not packed never gets there.
    if size > UNPACKED_FREE + limits.unpacked * raw.tell():
        message = f"the file unpacks to more than {limits.unpacked} times its bytes"
        raise _content_refusal("CT003", message, file, 1)


def blocks_in(text: str, size: int = BUFFER) -> Iterator[Block]:
    """
    Iterate over *text* in blocks of whole lines; the last line may have no line feed.

    Args:
        text: Lines.
        size: Each block but the last has more characters than these, by less than a line.
    """
    number, start = 1, 0
    while start < len(text):
        end = (text.find("\n", start + size) + 1) or len(text)
        block = text[start:end]
        lines = block.count("\n") + (not block.endswith("\n"))
        yield number, block, lines
        number, start = number + lines, end


def _texts(block: bytes, file: File, number: int, lines: int) -> Iterator[Block]:
    """Give the text of *block*; of one that is not UTF-8 the lines before the one that is not."""
    try:
        text = block.decode()
    except UnicodeDecodeError as error:
        sound = block[: block.rfind(b"\n", 0, error.start) + 1]
        if sound:
            yield number, sound.decode(), sound.count(b"\n")
        _decoded(block, file, number)  # which says where it is
    else:
        yield number, text, lines


def _blocks_of_lines(unpacked: BinaryIO, file: File, limits: Limits) -> Iterator[tuple[bytes, int]]:
    """Iterate over blocks of whole lines within *limits*, each with its number of lines."""
    size = min(BUFFER, limits.line_bytes)  # so that no line within one read is too long
    rest, left, number = b"", limits.lines_bytes, 1
    while read := unpacked.read(size):
        left -= len(read)
        if left < 0:
            raise _content_refusal(
                "CT003", f"the file has more than {limits.lines_bytes} bytes", file, 1
            )
        first = read.find(b"\n") + 1
        if len(rest) + (first or len(read)) > limits.line_bytes:
            message = f"the line has more than {limits.line_bytes} bytes"
            raise _content_refusal("CT003", message, file, number)
        end = read.rfind(b"\n") + 1
        if end:
            lines = read.count(b"\n")
            yield rest + read[:end], lines
            number += lines
        rest = read[end:] if end else rest + read
    if rest:
        yield rest, 1


def _unpacked(file: File, raw: BinaryIO) -> BinaryIO:
    if file.name.endswith(".gz"):
        import gzip  # noqa: PLC0415 - few files are packed

        # GzipFile reads small pieces; a reader around it asks it for large ones.
        packed = gzip.GzipFile(fileobj=raw)
        return BufferedReader(cast("io.RawIOBase", packed), BUFFER)
    return raw


def _decoded(content: bytes, file: File, line: int) -> str:
    """Return the text of *content*, whose first line is *line*."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        start = content.rfind(b"\n", 0, error.start) + 1
        line += content.count(b"\n", 0, start)
        column = len(content[start : error.start].decode()) + 1
        message = f"the byte 0x{content[error.start]:02x} is not UTF-8"
        raise _content_refusal(
            "CT002", message, file, line, column, "save the file with the encoding UTF-8"
        ) from None


def reason_of(error: Exception) -> str:
    """Return what the system says about *error*, without the file that it is about."""
    return getattr(error, "strerror", None) or str(error)


def _unreadable(error: Exception, file: File, line: int) -> LoadError:
    from gzip import BadGzipFile  # noqa: PLC0415 - for errors only

    if isinstance(error, BadGzipFile | EOFError | zlib.error):
        return _content_refusal("CT002", f"is not gzip, or not all of it: {error}", file, line)
    message = f"{file.name!r} cannot be read: {reason_of(error)}"
    return LoadError((Problem(code="CT001", message=message),))


def _content_refusal(  # noqa: PLR0913, PLR0917
    code: str, message: str, file: File, line: int, column: int = 1, hint: str | None = None
) -> LoadError:
    place = Location(file.name, line, column)
    return LoadError((Problem(code=code, message=message, location=place, hint=hint),))


__all__ = [
    "ENDINGS",
    "PASSED_OVER",
    "files_below",
    "is_excluded",
    "is_passed_over",
    "registry_files",
]

FOLDERS_OF_TOOLS: Final = ("__pycache__", "node_modules", "site-packages", "venv")
FILES_OF_TOOLS: Final = (
    *("Anchor.toml", "Cargo.toml", "Gopkg.toml", "Manifest.toml", "Project.toml", "book.toml"),
    *("bunfig.toml", "cbindgen.toml", "cliff.toml", "clippy.toml", "deny.toml", "fly.toml"),
    *("hatch.toml", "hugo.toml", "lychee.toml", "mise.toml", "netlify.toml", "pdm.toml"),
    *("pixi.toml", "poetry.toml", "pyproject.toml", "railway.toml", "ruff.toml"),
    *("rust-toolchain.toml", "rustfmt.toml", "taplo.toml", "tox.toml", "typos.toml", "uv.toml"),
    "wrangler.toml",
)
SNAPSHOTS: Final = "snapshots"
"""The folder with the pinned copies of a registry, in which no record is ever read."""
PASSED_OVER: Final = frozenset({*FOLDERS_OF_TOOLS, *FILES_OF_TOOLS, SNAPSHOTS})
"""Names that are passed over: those that tools have, and what holds copies of other people's pages.

So are names that begin with a dot.
"""

MAPPING_NAME: Final = "import.toml"
STATE_NAME: Final = "import.state.jsonl"
"""What ``claimtrack import`` keeps beside a registry; also with a word and a dot before it."""

_VIRTUAL_ENVIRONMENT: Final = "pyvenv.cfg"
"""A file that tells that its folder is a virtual environment of Python."""

_OPENS_WITHIN: Final = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
"""Whether this system opens a file relative to an open folder; POSIX systems do."""

# A FIFO must not block. What the system does not know is 0.
_READING: Final = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY")
)
_ENTERING: Final = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_CLOEXEC", "O_DIRECTORY"))

_ANY_ENDING: Final = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"


def is_passed_over(name: str) -> bool:
    """Say whether a file or folder of that name is no part of a registry that it lies in."""
    return name.startswith(".") or name in PASSED_OVER or is_of_import(name)


def is_of_import(name: str) -> bool:
    """Say whether ``claimtrack import`` keeps a file of that name beside a registry."""
    return f".{name}".endswith((f".{MAPPING_NAME}", f".{STATE_NAME}"))


def is_excluded(path: str, patterns: Iterable[str]) -> bool:
    """
    Say whether one of *patterns* has *path*, or a folder that it lies in.

    Args:
        path: A relative path with slashes.
        patterns: In each, ``*``, ``?`` and ``[...]`` stand for characters but slashes, and ``**``
            as a part of its own for any number of folders.

    Example:
        >>> is_excluded("drafts/2020/a.toml", ["drafts"]), is_excluded("b/a.toml", ["*.toml"])
        (True, False)
        >>> is_excluded("b/c/a.toml", ["**/a.toml"])
        True
    """
    parts = path.split("/")
    return any(_matches(parts, pattern.rstrip("/").split("/")) for pattern in patterns)


def _matches(parts: list[str], wanted: list[str]) -> bool:
    """Say whether the first of *parts*, one or more of them, are *wanted*."""
    ends = {0}  # of the parts that what was wanted so far may have taken
    for one in wanted:
        if one == "**":
            ends = set(range(min(ends, default=len(parts)), len(parts) + 1))
        else:
            ends = {end + 1 for end in ends if end < len(parts) and fnmatchcase(parts[end], one)}
    return bool(ends - {0})


def registry_files(path: Path, limits: Limits = LIMITS) -> list[File]:
    """
    Return the files of the registry at *path*: itself, or all that lie in the folder.

    Their names end in one of `ENDINGS`. Those of a folder begin with *path* as it was given, and
    are sorted by their paths from there, written with slashes.

    Raises:
        LoadError: There is nothing to read (CT001), there is too much of it (CT003), or a link
            leads out of the folder or back to one that it lies in (CT004).
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise _refusal(f"{str(path)!r} cannot be read: {reason_of(error)}") from error
    if stat.S_ISDIR(mode):
        return _Walk(path, limits).files()
    if not path.name.endswith(ENDINGS):
        message = f"{str(path)!r} is no registry; expected a folder or a file in {_ANY_ENDING}"
        raise _refusal(message)
    if not stat.S_ISREG(mode):
        raise _refusal(f"{str(path)!r} is no regular file")
    return [file_at(path)]


def file_at(path: Path) -> File:
    """Return one file by its path; a link is followed."""
    return File(str(path), partial(open_regular, os.fspath(path)))


def files_below(folder: Path) -> list[Path]:
    """
    Return the files that a registry in *folder* has so far, which may be none.

    Raises:
        LoadError: As `registry_files` does, but where there is nothing to read.
    """
    walk = _Walk(folder, LIMITS)
    walk.walk()
    return list(walk.found.values())


def _refusal(message: str, code: str = "CT001") -> LoadError:
    return LoadError((Problem(code=code, message=message),))


class _Walk:
    """One walk over a folder; links wait until all that has a name of its own is known."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self.root = root
        self.limits = limits
        self.real_root = os.path.realpath(root)
        self.problems = Problems()
        self.entries = 0
        self.found: dict[str, Path] = {}  # by real path
        self.walked: set[str] = set()  # real paths of folders
        self.links: list[Path] = []

    def walk(self) -> None:
        self._walk(self.root)
        while self.links:
            links, self.links = sorted(self.links), []
            for link in links:
                self._follow(link)
        self._refuse_two_forms()
        self.problems.raise_if_any()

    def _refuse_two_forms(self) -> None:
        """Refuse tables of a bulk registry beside files of one, of which each command reads one."""
        tables = self.root / CLAIMS_TABLE
        if self.found and tables.exists():
            file = min(map(str, self.found.values()))
            message = (
                f"{str(self.root)!r} holds a registry twice, in {file!r} and in {str(tables)!r}; "
                "expected one of them in a folder of its own"
            )
            self.problems.add("CT323", message)

    def files(self) -> list[File]:
        self.walk()
        if not self.found and (self.root / CLAIMS_TABLE).exists():
            message = (
                f"{str(self.root)!r} holds Parquet tables, which only audit and convert read; "
                "expected a registry in TOML or JSON lines"
            )
            hint = "convert them: claimtrack convert TABLES OUT --to jsonl"
            raise LoadError((Problem(code="CT324", message=message, hint=hint),))
        if not self.found:
            raise _refusal(f"{str(self.root)!r} holds no file in {_ANY_ENDING}")
        by_name = {
            path.relative_to(self.root).as_posix(): real for real, path in self.found.items()
        }
        return [self._file(by_name[name]) for name in sorted(by_name)]

    def _file(self, real: str) -> File:
        inside = real[len(self.real_root.rstrip(os.sep)) + 1 :]
        return File(str(self.found[real]), partial(open_inside, self.real_root, inside))

    def _walk(self, folder: Path) -> None:
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            real = os.path.realpath(here)
            self.walked.add(real)
            for entry in self._entries(here):
                child = here / entry.name
                if entry.is_symlink():
                    self.links.append(child)
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(child)
                elif entry.name.endswith(ENDINGS):
                    self._keep(child, os.path.join(real, entry.name))  # noqa: PTH118 - a key

    def _entries(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        """Iterate over what lies in *folder* and has no name that is passed over."""
        if len(folder.relative_to(self.root).parts) > self.limits.folders_deep:
            message = f"{str(folder)!r} lies more than {self.limits.folders_deep} folders deep"
            self.problems.add("CT003", message)
            return
        try:
            with os.scandir(folder) as entries:
                found = []
                for entry in entries:
                    self._count()
                    found.append(entry)
            if folder == self.root or _VIRTUAL_ENVIRONMENT not in (one.name for one in found):
                yield from (one for one in found if not is_passed_over(one.name))
        except OSError as error:
            self.problems.add("CT001", f"{str(folder)!r} cannot be read: {reason_of(error)}")

    def _count(self) -> None:
        self.entries += 1
        if self.entries > self.limits.files:
            message = f"{str(self.root)!r} holds more than {self.limits.files} files and folders"
            raise _refusal(message, "CT003")

    def _follow(self, link: Path) -> None:
        try:
            real = os.path.realpath(link, strict=True)
        except OSError as error:
            if error.errno == errno.ELOOP:
                self.problems.add("CT004", f"{str(link)!r} is a link that leads back to itself")
            elif link.name.endswith(ENDINGS):
                self.problems.add("CT001", f"{str(link)!r} cannot be read: {reason_of(error)}")
            return
        is_folder = os.path.isdir(real)  # noqa: PTH112 - a real path, not one to show
        if not is_folder and not link.name.endswith(ENDINGS):
            return
        if not _lies_in(real, self.real_root):
            message = f"{str(link)!r} is a link that leads out of {str(self.root)!r}"
            self.problems.add("CT004", message)
        elif not is_folder:
            self._keep(link, real)
        elif _lies_in(os.path.realpath(link.parent), real):
            message = f"{str(link)!r} is a link to a folder that it lies in"
            self.problems.add("CT004", message)
        elif real not in self.walked:
            self._walk(link)

    def _keep(self, file: Path, real: str) -> None:
        if real in self.found:
            return
        self.found[real] = file
        if not os.path.isfile(real):  # noqa: PTH113 - a real path, not one to show
            self.problems.add("CT001", f"{str(file)!r} is no regular file")


def open_regular(path: str, extra: int = 0, folder: int | None = None) -> BinaryIO:
    """
    Open a regular file for reading.

    Args:
        path: The file.
        extra: Flags of the system beside those of reading.
        folder: The open folder that *path* is relative to, or None.

    Raises:
        OSError: It cannot be opened, or is no regular file; it is not waited for in any case.
    """
    opened = os.open(path, _READING | extra, dir_fd=folder)
    try:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")  # noqa: TRY301
        return open(opened, "rb", buffering=BUFFER)  # noqa: PTH123 - it is open already
    except BaseException:
        os.close(opened)
        raise


def open_inside(root: str, inside: str) -> BinaryIO:
    """
    Open a regular file by its path within a folder, without following a link on the way.

    Where the system cannot open relative to a folder, links are followed.

    Args:
        root: The folder; links in its own path are followed.
        inside: The path from there.

    Raises:
        OSError: It cannot be opened, or is reached by a link.
    """
    if not _OPENS_WITHIN:
        return open_regular(os.path.join(root, inside))  # noqa: PTH118 - a text, as it was found
    *folders, name = Path(inside).parts
    here = os.open(root, _ENTERING)
    try:
        for folder in folders:
            inner = os.open(folder, _ENTERING | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        return open_regular(name, os.O_NOFOLLOW, here)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR, errno.EMLINK}:
            message = "it became a link, or no folder leads there any more, while it was read"
            raise OSError(error.errno, message) from error
        raise
    finally:
        os.close(here)


def _lies_in(real: str, folder: str) -> bool:
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)
