"""Who speaks in one call: a caller hears one voice for as long as it lasts, and another only when it must be."""

from __future__ import annotations

from collections.abc import Sequence

from app.clock import Clock
from app.runtime.attempt import Link
from app.runtime.chain import CallChain
from app.runtime.reporting import Reporter
from app.speech.protocols import ProviderError, TextToSpeech


class VoiceChain(CallChain[TextToSpeech]):
    """Asks the voice that was heard last; then those that have not failed this call; then the rest.

    A voice that failed once does not come back when it is well again: two voices taking turns are worse for the
    caller than the second choice throughout.
    """

    def __init__(self, links: Sequence[Link[TextToSpeech]], reporter: Reporter, clock: Clock) -> None:
        super().__init__(links, reporter, clock)
        self._current: Link[TextToSpeech] | None = None
        self._out: set[str] = set()

    def order(self) -> list[Link[TextToSpeech]]:
        """Who is asked, in turn."""
        return sorted(self.links, key=lambda link: (link is not self._current, link.name in self._out))

    def heard(self, link: Link[TextToSpeech]) -> None:
        self._current = link

    def declined(self, link: Link[TextToSpeech], error: ProviderError) -> None:
        super().declined(link, error)
        self._out.add(link.name)
        if link is self._current:
            self._current = None
