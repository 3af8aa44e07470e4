"""An agent that has lost its voice: nothing of what it would say could be made into speech for so long that it must end
the call, even while the caller talks on and gives no answer time to fail for good."""

from __future__ import annotations

from app.call.actions import Note
from app.call.context import CallContext
from app.call.ending import Ending

MUTE_S = 40.0
"""From the first sentence that no voice could speak, with none that one could: some three answers that callers waited
for in vain."""
FEWEST = 3
"""Sentences that failed by then; less may be bad luck."""
AGAIN_S = 10.0
DEADLINE = "mute"


class Mute:
    """Of one call. Told of every sentence that failed, and of every sound that was made."""

    def __init__(self, context: CallContext, ending: Ending) -> None:
        self._context = context
        self._ending = ending
        self._failed = 0

    def failed(self) -> None:
        """No voice could speak a sentence, or not to its end."""
        self._failed += 1
        if self._failed == 1:
            self._context.deadlines.set(DEADLINE, self._context.now + MUTE_S)

    def sounds(self) -> None:
        """A voice has spoken: all is well."""
        if self._failed:
            self._failed = 0
            self._context.deadlines.clear(DEADLINE)

    def overdue(self) -> None:
        """Nothing has sounded since. The goodbye may be a line that was kept; else the call ends without a word."""
        if self._failed < FEWEST:
            self._context.deadlines.set(DEADLINE, self._context.now + AGAIN_S)
            return
        self._context.do(Note("agent-mute", {"failed": self._failed}))
        self._ending.close_with(self._context.persona.lines.closing_down, "fault")
