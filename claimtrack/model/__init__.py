"""The records of a registry, as frozen values."""
