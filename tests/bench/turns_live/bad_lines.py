"""Lines on which nobody can be understood, through the whole server over sockets: what is on them, and what came of it.

`python -m tests.bench.turns_live.bad_lines` plays each with the shipped personas, in real time, and prints it.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

from app.audio.reading import LINE_RATE_HZ
from app.phone.line import Caller
from tests.bench.turns.sounds import Samples, level
from tests.bench.turns_live import people
from tests.bench.turns_live.corpus import Line
from tests.bench.turns_live.mouth import Mouth
from tests.bench.turns_live.serving import House, house
from tests.end_to_end.waiting import ended_call
from tests.server import RunningServer
from tests.stories import line_sounds

QUESTION = "What can you do for me?"
INVENTED = "Thanks for watching."
QUIET = Line("written", 40.0)
LONGEST_S = 150.0
BOOKED_WITHIN_S = 20.0
"""On a machine with other work; a second is usual."""
BOUND_S = 120.0
"""By then every such call with a shipped persona is over."""


def _talk(seconds: float, who: int, pause_s: float = 1.5) -> Samples:
    """Somebody who says one thing after another, in a quiet room."""
    said = [
        people.says(text, who).sound for text in (QUESTION, "I am calling about my order.", "Hello, can you hear me?")
    ]
    track = np.concatenate([np.append(sound, np.zeros(int(pause_s * LINE_RATE_HZ))) for sound in said])
    return np.resize(track, int(seconds * LINE_RATE_HZ)) + line_sounds.hiss(seconds, 8)


def _train(seconds: float) -> Samples:
    """Rumble and joints as loud as the caller, bursts that are louder; the caller's words drown."""
    rng, count = np.random.default_rng(11), int(seconds * LINE_RATE_HZ)
    bursts = np.repeat(rng.random(count // 2400 + 1) < 0.12, 2400)[:count] * rng.normal(0, 3500, count)
    return line_sounds.train(seconds, 2500) + bursts + 0.6 * _talk(seconds, 1)


def _tones(hz: float, on_s: float, every_s: float) -> Callable[[float], Samples]:
    return lambda seconds: line_sounds.beeps(hz, seconds, on_s, every_s - on_s)


def _two(seconds: float) -> Samples:
    """Both at once and never a pause between them."""
    return _talk(seconds, 0, 0.15) + np.roll(_talk(seconds, 4, 0.15), 9000)


@dataclass(frozen=True, slots=True)
class Bad:
    """`track`: what so many seconds of it sound like, and digital silence behind them. `asks`: the caller says
    something that can be understood, twice. `told`: the persona is to say that the line is bad."""

    name: str
    track: Callable[[float], Samples]
    invents: str = ""
    asks: bool = False
    line: Line = QUIET
    seconds: float = LONGEST_S
    told: bool = True
    page: str = ""


BAD = (
    Bad("a train", _train, page="Noisy|Music, tones or noise"),
    Bad("a speakerphone", lambda s: line_sounds.hiss(s, 60), asks=True, told=False, page="Echo",
        line=Line("written", 40.0, -6.0, 0.22, reverberant=True)),
    Bad("music on hold", line_sounds.music, seconds=60.0, page="Music, tones or noise"),
    Bad("music, words invented", line_sounds.music, INVENTED, seconds=60.0, page="Music, tones or noise"),
    Bad("dead silence", lambda s: np.zeros(int(s * LINE_RATE_HZ)), told=False, page="Not a sound"),
    Bad("a fax that calls", _tones(1100, 0.5, 3.5), INVENTED, told=False, page="No speech|noise without a voice"),
    Bad("a fax that answers", _tones(2100, 1.0, 1.0), INVENTED, page="Music, tones or noise"),
    Bad("a clipped line", lambda s: line_sounds.overdriven(_talk(s, 2)), page="Too loud at times"),
    Bad("barely audible", lambda s: level(_talk(s, 0), 103.0), page="Barely audible"),
    Bad("two at once", _two, seconds=60.0),
)  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """What came of one. `seconds`: until it was over; None if it had to be ended. `page`: the line, on the call's."""

    bad: Bad
    seconds: float | None = None
    end_reason: str = ""
    agent: list[str] = field(default_factory=list)
    caller: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    quality: Mapping[str, object] = field(default_factory=dict)
    page: str = ""
    sid: str = ""


async def play(
    lodging: House, bad: Bad, number: int, longest_s: float = LONGEST_S, sound_s: float = LONGEST_S
) -> Outcome:
    """One call, until the agent ends it, or the caller once `longest_s` are over; it sounds for `sound_s` at most."""
    running, outcome = lodging.running, Outcome(bad)
    async with running.caller(from_=f"+1555010{2000 + number}") as caller:
        if not await caller.dial():
            raise RuntimeError(f"the server answered without a stream: {caller.told}")
        side = caller._conduct.streams[-1]
        track = np.append(bad.track(min(bad.seconds, sound_s)), np.zeros(LINE_RATE_HZ))
        mouth = Mouth(bad.line, side.playout, side._origin_s, side._frames, number, track=track)
        mouth.invents = bad.invents
        side.mouth = mouth  # type: ignore[assignment]
        lodging.known.mouths.append(mouth)
        try:
            if bad.asks:
                await _asks_twice(caller, mouth)
            else:
                await caller.ended(longest_s)
            outcome.seconds = mouth.now_s
        except TimeoutError:
            await caller.hang_up()
        finally:
            lodging.known.mouths.remove(mouth)
    outcome.sid = caller.parties.call_sid
    call = await ended_call(running, outcome.sid, BOOKED_WITHIN_S)
    outcome.end_reason, outcome.quality = call["end_reason"], call["line_quality"] or {}
    lines = await asyncio.to_thread(running.transcript, outcome.sid)
    outcome.agent = [line["text"] for line in lines if line["role"] == "agent"]
    outcome.caller = [line["text"] for line in lines if line["role"] == "caller"]
    timeline = await asyncio.to_thread(running.rest.get, f"/calls/{outcome.sid}/timeline.jsonl")
    outcome.notes = re.findall(r'"action":"Note","kind":"([a-z-]+)"', timeline.text)
    outcome.page = await line_on_page(running, call["id"])
    return outcome


async def _asks_twice(caller: Caller, mouth: Mouth) -> None:
    """A call that goes well: asked and answered twice, and hung up."""
    for number in range(2):
        await caller.heard_silence(900, 30.0)
        said = mouth.sounds(people.says(QUESTION, number).sound, QUESTION)
        while mouth.now_s < said.end_s:  # noqa: ASYNC110 - the stream's own clock
            await asyncio.sleep(0.02)
        await caller.heard_speech(10.0)
    await caller.heard_silence(900, 30.0)
    await caller.hang_up()


async def line_on_page(running: RunningServer, call_id: str) -> str:
    """What the call's page says of the caller's line, without its tags."""
    async with httpx.AsyncClient(base_url=running.url, trust_env=False) as browser:
        form = await browser.get("/admin/sign-in")
        token = re.search(r'name="token" value="([^"]+)"', form.text)
        if token is None:
            raise RuntimeError("the page to sign in shows no form")
        given = {"token": token[1], "password": running.admin_password}
        opened = await browser.post("/admin/sign-in", data=given, headers=_cookies(form))
        page = await browser.get(f"/admin/calls/{call_id}", headers=_cookies(opened))
        page.raise_for_status()
    found = re.search(r"<h2>The caller[^<]*line</h2>\s*<ul>(.*?)</ul>", page.text, re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split()) if found else ""


def _cookies(answer: httpx.Response) -> dict[str, str]:
    """By hand: they are for https alone, and the test has no proxy in between."""
    return {"cookie": "; ".join(kept.partition(";")[0] for kept in answer.headers.get_list("set-cookie"))}


async def everything(name: str, at_once: int) -> list[Outcome]:
    """Every line, with one of the shipped personas."""
    room = asyncio.Semaphore(at_once)
    with tempfile.TemporaryDirectory(prefix="parley-lines-") as place:
        async with house(Path(place), name) as lodging:

            async def one(number: int, bad: Bad) -> Outcome:
                async with room:
                    return await play(lodging, bad, number)

            return await asyncio.gather(*(one(number, bad) for number, bad in enumerate(BAD)))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.turns_live.bad_lines", description=__doc__)
    parser.add_argument("--at-once", type=int, default=5)
    given, console = parser.parse_args(), Console(highlight=False, soft_wrap=True, width=200)
    for name in ("assistant", "interviewer"):
        table = Table(box=None, pad_edge=False, title=name)
        for column in ("line", "over after", "ended", "agent's lines", "bad line told", "on the call's page"):
            table.add_column(column)
        outcomes = asyncio.run(everything(name, given.at_once))
        for outcome in outcomes:
            over = "never" if outcome.seconds is None else f"{outcome.seconds:.0f} s"
            told = str(outcome.notes.count("bad-line"))
            table.add_row(outcome.bad.name, over, outcome.end_reason, str(len(outcome.agent)), told, outcome.page)
        console.print(table)
        for outcome in outcomes:
            console.print(f"{outcome.bad.name}: {outcome.agent} {outcome.caller}", style="dim", markup=False)


if __name__ == "__main__":
    main()
