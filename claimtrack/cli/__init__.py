"""The command line: one file a command, and the only room with a clock, a screen and an exit."""
