"""Uses the tools that a model asks for in one turn, and finds the right words for it where it asked wrongly.

A model's call is believed in nothing: the tool may not exist, its arguments may be no JSON or not fit, and the same
call may come twice. Whatever is wrong is told to the model, in words that help it, and noted on the call's page with
a slug and, if it is one of ours, the tool's name.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import structlog
from pydantic import BaseModel, ValidationError

from app.call.actions import Note
from app.dialogue.flow import FlowState, Tool, ToolCall, ToolResult, Transfer, Used

_log = structlog.get_logger(__name__)

MISFITS_TOLD = 5
"""A model that got more wrong than this will not mend it from a longer list."""

_UNREADABLE = frozenset({"json_invalid", "string_unicode"})
"""What pydantic calls arguments that are no JSON, or hold half a character."""


class ToolUse:
    """One turn's. `state`: the flow's, as the plan and then the tools left it. `keep(state)`: is told of each change.

    `results`: what the model is told, so far. `say`: the words for a caller to whom the model says nothing. `end`: the
    call is over after the reply. `transfer`: a person takes it over then.
    """

    def __init__(
        self,
        tools: Sequence[Tool],
        state: FlowState,
        *,
        keep: Callable[[FlowState], None],
        note: Callable[[Note], None],
    ) -> None:
        self.results: tuple[ToolResult, ...] = ()
        self.say = ""
        self.end = False
        self.transfer: Transfer = ""
        self._tools = {tool.name: tool for tool in tools}
        self.state = state
        self._keep = keep
        self._note = note
        self._seen: set[ToolCall] = set()

    def use(self, calls: Sequence[ToolCall]) -> bool:
        """Use them in order. Must the model be asked again: is there something it should hear of?"""
        again = False
        for call in calls:
            again = self._use(call) or again
        return again

    def fault(self, reason: str, tool: str = "") -> None:
        """Note that a tool came to nothing."""
        self._note(Note("tool-fault", {"reason": reason, "tool": tool} if tool else {"reason": reason}))

    def _use(self, call: ToolCall) -> bool:
        tool = self._tools.get(call.name)
        if call in self._seen:
            self.fault("twice", tool.name if tool else "")
            return False
        self._seen.add(call)
        if tool is None:
            self.fault("unknown-tool")
            return self._told(call, "There is no tool of that name. Answer the caller without it.", again=True)
        form, wrong = _form(tool, call.arguments)
        if form is None:
            self.fault("unfit" if wrong else "not-json", tool.name)
            return self._told(call, wrong or "The arguments must be one JSON object.", again=True)
        try:
            used = tool.use(self.state, form)
        except Exception as error:  # a fault of a tool costs a sentence, not the call
            *_, last = traceback.extract_tb(error.__traceback__)
            at = f"{Path(last.filename).name}:{last.lineno}"
            _log.error("tool_failed", tool=tool.name, error=type(error).__name__, at=at)
            self.fault("broke", tool.name)
            return self._told(call, "The tool failed, and nothing was done. Tell the caller so.", again=True)
        return self._used(call, used)

    def _used(self, call: ToolCall, used: Used) -> bool:
        if used.state is not self.state:
            self.state = used.state
            self._keep(used.state)
        self.say = used.say or self.say
        self.end = self.end or used.end
        self.transfer = used.transfer or self.transfer
        return self._told(call, used.told, again=used.ask_again)

    def _told(self, call: ToolCall, told: str, *, again: bool) -> bool:
        """Servers that give no ids of their own number each reply's calls from nought: each id is told once."""
        taken = {result.call.id for result in self.results}
        if call.id in taken:
            call = replace(call, id=f"{call.id}_{len(self.results)}")
        self.results = (*self.results, ToolResult(call, told))
        return again


def _form(tool: Tool, arguments: str) -> tuple[BaseModel | None, str]:
    """The tool's form filled in; or None, and what does not fit, in words for the model (empty: it is no JSON)."""
    try:
        return tool.arguments.model_validate_json(arguments.strip() or "{}"), ""
    except ValidationError as error:
        misfits = error.errors(include_url=False, include_context=False, include_input=False)
        if misfits[0]["type"] in _UNREADABLE:
            return None, ""
        told = [f"{'.'.join(map(str, misfit['loc'])) or 'all'}: {misfit['msg']}" for misfit in misfits[:MISFITS_TOLD]]
        return None, f"The arguments do not fit. {'; '.join(told)}"
