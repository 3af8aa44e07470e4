"""The caller's side of the line: a phone in the terminal, and the tests' carrier."""
