"""Lint a registry: findings with codes on what its keeper should look at."""
