"""The keeping of a registry: what its keeper should look at, as findings with codes."""
