"""Scorecards: what an interview came to and what that rests on, and later words on its points. docs/interviews.md."""
