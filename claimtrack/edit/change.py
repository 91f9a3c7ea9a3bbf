"""One file before and after a change, and the way from the one to the other."""

import gzip
from pathlib import Path
from typing import Final

import attrs

from claimtrack.files.dump import put

BOM: Final = "\ufeff"


@attrs.frozen
class FileChange:
    """
    One file before and after a change.

    Args:
        before: Its text, *after* what it is to be.
    """

    path: Path
    before: str
    after: str

    def write(self) -> None:
        """
        Write the file beside the old one, and move it into place; a link stays a link.

        Raises:
            OSError: It cannot be written.
        """
        content = self.after.encode()
        if self.path.name.endswith(".gz"):
            content = gzip.compress(content, mtime=0)
        put(self.path.resolve(), content)


def text_of(path: Path) -> str:
    """
    Return the text of a file as it is, with its line ends and its byte order mark.

    Raises:
        OSError: It cannot be read.
    """
    content = path.read_bytes()
    return (gzip.decompress(content) if path.name.endswith(".gz") else content).decode()
