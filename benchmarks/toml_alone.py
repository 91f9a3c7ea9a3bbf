"""Parse the files of a folder with the standard library, and do nothing with them."""

import sys
import tomllib
from pathlib import Path

if __name__ == "__main__":
    for file in sorted(Path(sys.argv[1]).glob("*.toml")):
        tomllib.loads(file.read_text(encoding="utf-8"))
