"""Load a beancount ledger and check it, without beancount's cache: the neighbour's whole job."""

import importlib
import sys

if __name__ == "__main__":
    loader = importlib.import_module("beancount.loader")  # of the extra `bench` only
    entries, errors, _ = loader.load_file(sys.argv[1])
    print(len(entries), len(errors))
