"""Run the command line as ``python -m claimtrack``."""

from claimtrack.cli.main import run

if __name__ == "__main__":
    run()
