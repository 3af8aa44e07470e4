"""What became of the providers in one call: told to its page and to the log, and summed up as what it cost."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from app.call.actions import Note
from app.runtime.books import CallBooks
from app.runtime.reporting import Fault, Spent

_log = structlog.get_logger(__name__)


class LogReport:
    """Tells the log of faults; for work that belongs to no call."""

    def failed(self, fault: Fault) -> None:
        _log.warning("provider_failed", **_detail(fault), says=fault.message)

    def spent(self, spent: Spent) -> None: ...


class CallReport:
    """`at_ms`: where the call's recording is now."""

    def __init__(self, books: CallBooks, at_ms: Callable[[], int]) -> None:
        self._books = books
        self._at_ms = at_ms

    def failed(self, fault: Fault) -> None:
        """A note on the call's page; what the provider said of it, for the operator, in the log."""
        self._books.failed(fault)
        self._books.note(Note("provider-fault", _detail(fault)), self._at_ms())
        _log.warning("provider_failed", call=str(self._books.call_id), **_detail(fault), says=fault.message)

    def spent(self, spent: Spent) -> None:
        """What a request used."""
        self._books.spent(spent)


def _detail(fault: Fault) -> dict[str, str | int | float | bool]:
    """All but the message, which is for the operator alone."""
    return {
        "stage": fault.stage,
        "provider": fault.provider,
        "kind": fault.kind,
        "took_ms": fault.took_ms,
        "then": fault.then,
    }
