"""A scored interview as an immutable state machine, the same by phone and by text. docs/interviews.md tells how."""
