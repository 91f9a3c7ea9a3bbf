"""Registries in files: TOML folders and JSON lines, in and out."""
