"""Show records, verdicts and findings to people and to their tools, safely."""
