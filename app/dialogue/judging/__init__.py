"""How answers are judged: by content alone, with evidence, and the same way every time. docs/judging.md tells how."""
