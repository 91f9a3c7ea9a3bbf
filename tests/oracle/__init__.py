"""A second, naive implementation of the rules of resolution; it shares no code with claimtrack."""
