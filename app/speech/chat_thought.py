"""Keeps to itself what a model thinks aloud before it speaks."""

from __future__ import annotations

_OPEN, THOUGHT_ENDS = "<think>", "</think>"


class Thought:
    """Text without the thoughts before it.

    Vendors that know their models send thought apart from the text. A server of one's own may leave it in the text,
    between `<think>` and `</think>`, and a caller would hear it. Blanks before the first word wait for it.
    """

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self._speaking = False

    def push(self, text: str) -> str:
        """What of `text`, and of what was held back, is for the caller."""
        if self._speaking:
            return text
        self._held += text
        while True:
            if self._thinking:
                _, close, rest = self._held.partition(THOUGHT_ENDS)
                if not close:
                    self._held = self._held[-len(THOUGHT_ENDS) :]
                    return ""
                self._held, self._thinking = rest, False
            begun = self._held.lstrip()
            if not begun.startswith(_OPEN):
                break
            self._held, self._thinking = begun.removeprefix(_OPEN), True
        return "" if _OPEN.startswith(begun) else self.flush()

    def flush(self) -> str:
        """What is still held back, now that it is known that nothing, or no thought, follows; a thought is not."""
        held, self._held = ("" if self._thinking else self._held), ""
        self._speaking = bool(held.strip())
        return held
