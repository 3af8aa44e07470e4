"""Who is interviewed in `make demo`: hears the agent out, reads in the transcript what was asked, and answers.

What they say are the bank's own model answers, whose words this computer's own recogniser can be expected to know.
One question they have repeated, one they answer badly at first, and one they do not know: so every kind of reply is
heard.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx

from app.cli.call import Line
from app.personas.questions import Bank, Question
from app.phone.line import Caller
from app.phone.screen import Screen
from app.phone.summary import lines as summary_lines
from app.phone.transcript import Account, fetch
from app.phone.voice import caller_persona, synthesize
from app.phone.webhook import PhoneError
from app.speech.protocols import ProviderContext, TextToSpeech
from app.speech.registry import text_to_speeches

AGREES, REPEATS, POOR, UNKNOWN = (
    "yes",
    "could you repeat the question please",
    "i would ask a colleague for help",
    "i don't know the answer",
)
_REPEATED, _POORLY, _UNKNOWN = 2, 4, 6
"""Questions, from 1."""
_SENTENCES = 2
"""Of a model answer."""
_SENTENCE = re.compile(r"[^.!?]+[.!?]")
_WRITTEN_S = 0.5
"""What was heard is in the transcript by then."""
_LONGEST = 60
"""Turns; an interview of ten questions has some 25."""


class Candidate:
    """Has something to say to every question of `topic`."""

    def __init__(self, bank: Bank, topic: str) -> None:
        self._questions = bank.items(topic)
        self._asked: list[str] = []
        self._said = AGREES

    def says(self, heard: str) -> str:
        """To the agent's last line: the same again to one that asks nothing."""
        self._said = self._to(heard)
        return self._said

    def _to(self, heard: str) -> str:
        found = next((question for question in self._questions if question.text in heard), None)
        if found is None:
            hinted = next((question for question in self._questions if question.hint in heard), None)
            return self._said if hinted is None else _answer(hinted)
        again = found.id in self._asked
        if not again:
            self._asked.append(found.id)
        number = len(self._asked)
        if not again and number == _REPEATED:
            return REPEATS
        if not again and number == _POORLY:
            return POOR
        return UNKNOWN if number == _UNKNOWN else _answer(found)


def _answer(question: Question) -> str:
    return " ".join(_SENTENCE.findall(question.model_answer)[:_SENTENCES])


async def be_interviewed(line: Line, candidate: Candidate, out: Path, screen: Screen) -> bool:
    """One whole interview on the screen; whether it came to its end."""
    persona = caller_persona("en-us", "f2")
    (speech,) = text_to_speeches(("offline",), ProviderContext({persona.id: persona}))
    try:
        async with Caller(
            line.url, line.auth_token, line.from_, line.to, public_url=line.public_url, listener=screen.show
        ) as caller:
            whole = await caller.dial() and await _talk(line, caller, candidate, speech)
            await asyncio.to_thread(caller.save_wav, out)
            account = await _account(line, caller, over=True)
            points = await _points(line)
    except (PhoneError, TimeoutError, OSError) as error:
        screen.say(str(error) or "The agent fell silent.", "red")
        return False
    finally:
        await speech.aclose()
    screen.transcript(account.lines)
    screen.summary([*summary_lines(caller), ("points", points), ("kept in", str(out))])
    screen.say(f"\n{line.public_url}/admin/calls/{account.call_id}", "underline")
    return whole and caller.faults.total == 0


async def _talk(line: Line, caller: Caller, candidate: Candidate, speech: TextToSpeech) -> bool:
    """To the end of the call; False if there is none in sight."""
    persona = caller_persona("en-us", "f2")
    for _ in range(_LONGEST):
        if not (await caller.heard_reply(30) and await caller.heard_silence(700, 120)):
            return True
        await asyncio.sleep(_WRITTEN_S)
        said = [said.text for said in (await _account(line, caller, over=False)).lines if said.role == "agent"]
        text = candidate.says(said[-1] if said else "")
        if caller.end_reason:
            return True
        caller.speak(await synthesize(text, persona, speech), text)
        await caller.said_all()
    await caller.hang_up()
    return False


async def _account(line: Line, caller: Caller, *, over: bool) -> Account:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await fetch(client, line.url, line.api_key, caller.parties.call_sid, over=over)


async def _points(line: Line) -> str:
    """The newest interview's."""
    headers = {"Authorization": f"Bearer {line.api_key}"}
    async with httpx.AsyncClient(trust_env=False, headers=headers) as client:
        reply = await client.get(f"{line.url}/api/v1/interviews", params={"limit": 1})
    if not reply.is_success or not (items := reply.json()["items"]):
        return "none"
    return f"{items[0]['points']} of {items[0]['most']}"
