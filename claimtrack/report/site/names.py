"""The addresses of pages: names of files that any file system and any server can take."""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

_PLAIN: Final = re.compile(r"[a-z0-9]+(?:[-/][a-z0-9]+)*")
_LONGEST: Final = 80
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", "index"}
    | {f"{name}{number}" for name in ("com", "lpt") for number in range(10)}
)
"""Names that some system or server takes for something else."""


def slug(id: str) -> str:  # noqa: A002
    """
    Return the name of a page for *id*.

    Where it is plain it is its own name, with a full stop for each slash; else a digest of it
    stands at the end. Two ids differ in their names, also where case does not count.

    Example:
        >>> slug("gas-by-2019"), slug("power-of-siberia/first-gas")
        ('gas-by-2019', 'power-of-siberia.first-gas')
        >>> slug("Gas.2019")
        'gas-2019~4c9ec03a'
    """
    if _PLAIN.fullmatch(id) and len(id) <= _LONGEST and not _RESERVED & {*id.split("/")}:
        return id.replace("/", ".")
    readable = re.sub(r"[^a-z0-9]+", "-", id.lower())[:_LONGEST].strip("-")
    digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()
    # Nothing plain holds a tilde, so that none is like this.
    return f"{readable or 'x'}~{digest[:8]}"


def addresses(folder: str, ids: Iterable[str]) -> dict[str, str]:
    """Return the path of the page of each of *ids* in *folder*, from the top of the site."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for id_ in ids:
        name = slug(id_)
        if name in taken:  # two digests with the same beginning: somebody looked for them
            name = f"{name}~{hashlib.sha256(id_.encode('utf-8', 'surrogatepass')).hexdigest()}"
        taken.add(name)
        found[id_] = f"{folder}/{name}.html"
    return found
