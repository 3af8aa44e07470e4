"""Tool calls put together from the pieces that a streamed chat brings them in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.dialogue.flow import ToolCall
from app.speech.protocols import ProviderError

MOST_CALLS = 8
"""More in one reply are no wish of a caller's."""
LONGEST_ARGUMENTS = 16_000
"""Characters, of all calls together; a booking takes some 200."""
_LONGEST_NAME, _LONGEST_ID = 128, 256


@dataclass(slots=True)
class _Call:
    id: str
    name: str
    arguments: str = ""


class ToolCalls:
    """Takes pieces by their `index`, gives complete calls in the order they began. `vendor`: whom errors name.

    Only a call's first piece must have a name. Servers differ in the rest: an index may be missing, or the same for
    all calls (Ollama), an id may be missing or repeated. So a piece that has a name, and another name or another id
    than the call at its index, begins another call.
    """

    def __init__(self, vendor: str) -> None:
        self._vendor = vendor
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self._room = LONGEST_ARGUMENTS

    def __len__(self) -> int:
        return len(self._calls)

    def push(self, pieces: Any) -> None:
        """`delta.tool_calls` as the SDK gives it, unchecked. Raises ProviderError if it is none, or too much."""
        if pieces is None:
            return
        if not isinstance(pieces, list):
            raise self._rubbish("asks for tools in a way that is none")
        for place, piece in enumerate(pieces):
            function = getattr(piece, "function", None)
            name, arguments = self._text(function, "name"), self._text(function, "arguments")
            index = getattr(piece, "index", None)
            call = self._call(index if isinstance(index, int) else place, self._text(piece, "id"), name)
            self._room -= len(arguments)
            if self._room < 0:
                raise self._rubbish(f"gives tools more than {LONGEST_ARGUMENTS} characters")
            call.arguments += arguments

    def complete(self) -> list[ToolCall]:
        """All of them, each with an id of its own."""
        ids: set[str] = set()
        for number, call in enumerate(self._calls):
            if not call.id or call.id in ids:
                call.id = f"call_{number}"
            ids.add(call.id)
        return [ToolCall(call.id, call.name, call.arguments) for call in self._calls]

    def _call(self, index: int, id_: str, name: str) -> _Call:
        """The call that a piece belongs to, begun if it is a new one."""
        known = self._by_index.get(index)
        another = known is not None and name and (name != known.name or (id_ and known.id and id_ != known.id))
        if known is not None and not another:
            return known
        if not name or len(name) > _LONGEST_NAME or len(id_) > _LONGEST_ID:
            raise self._rubbish("asks for a tool without saying which")
        if len(self._calls) >= MOST_CALLS:
            raise self._rubbish(f"asks for more than {MOST_CALLS} tools at once")
        begun = _Call(id_, name)
        self._calls.append(begun)
        self._by_index[index] = begun
        return begun

    def _text(self, of: Any, field: str) -> str:
        value = getattr(of, field, None)
        if value is not None and not isinstance(value, str):
            raise self._rubbish(f"asks for a tool whose {field} is not text")
        return value or ""

    def _rubbish(self, what: str) -> ProviderError:
        return ProviderError(f"{self._vendor}'s model {what}", "rubbish")
