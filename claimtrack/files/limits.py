"""How large what is read may be; without bounds, a small file could fill the memory."""

from typing import Final

import attrs


@attrs.frozen(kw_only=True)
class Limits:
    """
    Bounds on the files of a registry, each inclusive.

    Args:
        text_bytes: Bytes of a TOML file. Reading takes about ten times as much memory.
        lines_bytes: Bytes of a file of JSON lines, unpacked. It is read line by line.
        line_bytes: Bytes of one such line, with its line feed.
        files: Files and folders below the folder of a registry, of whatever sort.
        folders_deep: Folders in folders below it.
    """

    text_bytes: int = 256 << 20
    lines_bytes: int = 16 << 30
    line_bytes: int = 16 << 20
    files: int = 1_000_000
    folders_deep: int = 64


LIMITS: Final = Limits()
"""Far above what people keep: a hundred thousand claims with their evidence are 80 MB."""
