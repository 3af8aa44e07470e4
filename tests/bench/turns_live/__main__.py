"""A real server with real SDKs, vendors that take 600 ms, and callers in real time on telephone lines; then the table
of how turns were told from pauses, and interruptions from noises.

Kept in `build/turns-live/PERSONA/`: each call's timeline (`python -m app replay` opens it), its two sides as a WAV, and
what was said when.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import pickle
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from tests.bench.process import cpu_s
from tests.bench.table import Sheet, machine, percentile
from tests.bench.turns_live.acting import Actor, Played
from tests.bench.turns_live.corpus import Plan, calls
from tests.bench.turns_live.score import Score
from tests.bench.turns_live.serving import House, house, to_the_point
from tests.end_to_end.waiting import ended_call
from tests.server import REPOSITORY

Voiced = dict[str, NDArray[np.int16]]
CONSOLE = Console(highlight=False, soft_wrap=True, width=130)
FOLDER = REPOSITORY / "build" / "turns-live"
ASKS = {"assistant": "Tell me a story.", "interviewer": ""}
"""What brings the agent to say something long; an interviewer does by itself."""
ENDS = {"assistant": "", "interviewer": "Stop."}
"""An interruption that ends the call, and rightly."""
AT_ONCE_S = 2.5
"""Between two calls' beginnings."""


@dataclass(frozen=True, slots=True)
class Wanted:
    calls: int
    exchanges: int
    at_once: int
    only: int | None


async def run(name: str, wanted: Wanted) -> tuple[list[Played], Voiced, float, float]:
    """Every call with this persona; what was synthesised for them, how well the recogniser knew sounds again (0 to 1,
    its 5th percentile), and the server's seconds of processor."""
    with tempfile.TemporaryDirectory(prefix="parley-turns-") as place:
        async with house(Path(place), name, to_the_point(Path(place))) as lodging:
            before = cpu_s(lodging.running.pid)
            played = await _play(lodging, name, wanted)
            cpu = cpu_s(lodging.running.pid) - before
            for call in played:
                await _kept(lodging, call, FOLDER / name)
                call.mouth = None
            return played, lodging.known.voiced, percentile(lodging.known.likeness, 0.05), cpu


async def _play(lodging: House, name: str, wanted: Wanted) -> list[Played]:
    plans = [plan for plan in calls(wanted.calls, wanted.exchanges, ENDS[name]) if wanted.only in (None, plan.number)]
    room, places = asyncio.Semaphore(wanted.at_once), iter(range(len(plans)))

    async def one(plan: Plan) -> Played:
        async with room:
            place = next(places)
            await asyncio.sleep(AT_ONCE_S * place if place < wanted.at_once else 0.0)
            actor = Actor(lodging.running, lodging.known, plan, "+15550100000", ASKS[name])
            return await actor.play()

    return await asyncio.gather(*map(one, plans))


async def _kept(lodging: House, call: Played, folder: Path) -> None:
    running, known = lodging.running, lodging.known
    if not call.sid:
        return
    await ended_call(running, call.sid, 20.0)
    call.transcript = await asyncio.to_thread(running.transcript, call.sid)
    timeline = await asyncio.to_thread(running.rest.get, f"/calls/{call.sid}/timeline.jsonl")
    sound = await asyncio.to_thread(running.rest.get, f"/calls/{call.sid}/recording.wav")
    stem = folder / f"{call.plan.number:02}"
    stem.with_suffix(".jsonl").write_bytes(timeline.content)
    if sound.is_success:
        stem.with_suffix(".wav").write_bytes(sound.content)
    events = [
        {
            "what": getattr(event.what, "kind", "turn"),
            "name": event.what.name,
            "said": [(round(said.begin_s, 3), round(said.end_s, 3), said.words) for said in event.said],
        }
        for event in call.events
    ]
    sent = [(round(s.begin_s, 3), round(s.end_s, 3), s.words) for s in known.sent if s.mouth is call.mouth]
    said = {"events": events, "recogniser": sent, "cleared": call.cleared, "transcript": call.transcript}
    stem.with_suffix(".json").write_text(json.dumps(said, indent=1, ensure_ascii=False), encoding="utf-8")


def show(name: str, score: Score, cpu_ms: float) -> None:
    """The issue's table."""
    sheet = Sheet(CONSOLE)
    CONSOLE.print(f"\n[bold]{name}[/bold]")
    waits = score.waits_ms
    sheet.add("reply's first sound after the last word, median (aim 700)", percentile(waits, 0.5), "ms", most=1000)
    sheet.add(f"… 95th percentile of {len(waits)} (aim 1100)", percentile(waits, 0.95), "ms", most=1600)
    for kind, times in sorted(score.waits_by.items()):
        sheet.add(f"  {kind} ({len(times)}), median", percentile(times, 0.5), "ms")
    paused = score.turns["pause"]
    sheet.add(
        f"cut off in pauses of up to 1.2 s ({paused}; aim 1)", _share(score.cut_off["pause"], paused), "%", most=5
    )
    sheet.add(f"whole answers cut off ({score.turns['whole']})", score.cut_off["whole"], "", most=0)
    sheet.add("answers without a reply, calls that broke off", score.unanswered + score.broken_calls, "", most=0)
    real = score.overs["interruption"] + score.overs["double talk"]
    missed = score.missed["interruption"] + score.missed["double talk"]
    sheet.add(f"interruptions that stop the agent ({real}; aim 100)", 100 - _share(missed, real), "%", least=97)
    sheet.add("onset to clear, median (aim 150)", percentile(score.clear_ms, 0.5), "ms", most=250)
    sheet.add("… 95th percentile (aim 250)", percentile(score.clear_ms, 0.95), "ms", most=400)
    for kind, most, aim in (("noise", 5, 0), ("cough", 5, 0), ("backchannel", 10, 2), ("echo", 5, 0)):
        if not (count := score.overs[kind]):
            continue
        sheet.add(f"sentences lost to {kind} ({count}; aim {aim})", _share(score.lost[kind], count), "%", most=most)
        sheet.add(f"  {kind}: silenced the agent for a moment", _share(score.paused[kind], count), "%")
    if score.taken_up_ms:
        sheet.add("sentence taken up again after a vain pause, median", percentile(score.taken_up_ms, 0.5), "ms")
        sheet.add("… 95th percentile", percentile(score.taken_up_ms, 0.95), "ms")
    first = _share(score.first_words_lost, score.first_words)
    sheet.add(f"first words lost ({score.first_words}; aim 0)", first, "%", most=2)
    sheet.add("processor for a second of call", cpu_ms, "ms", most=15)
    sheet.show()


def _share(count: int, of: int) -> float:
    return 100 * count / of if of else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.turns_live", description=__doc__)
    parser.add_argument("--calls", type=int, default=12, help="for each persona")
    parser.add_argument("--exchanges", type=int, default=8, help="in each call")
    parser.add_argument("--at-once", type=int, default=6, help="calls at a time")
    parser.add_argument("--persona", choices=sorted(ASKS), help="only this one")
    parser.add_argument("--again", action="store_true", help="no calls: the table of the last ones once more")
    parser.add_argument("--only", type=int, help="only the call of this number")
    given = parser.parse_args()
    wanted = Wanted(given.calls, given.exchanges, given.at_once, given.only)
    CONSOLE.print(machine())
    for name in [given.persona] if given.persona else ASKS:
        began = time.perf_counter()
        (FOLDER / name).mkdir(parents=True, exist_ok=True)
        kept = FOLDER / name / "played.pickle"
        if not given.again:
            kept.write_bytes(pickle.dumps(asyncio.run(run(name, wanted))))
        played, voiced, like, cpu = pickle.loads(kept.read_bytes())
        score = Score()
        for call in played:
            score.take(call, voiced)
        seconds = sum(call.seconds for call in played)
        show(name, score, cpu * 1000 / max(1.0, seconds))
        took_s = time.perf_counter() - began
        CONSOLE.print(
            f"{len(played)} calls, {seconds:.0f} s of them in {took_s:.0f} s; agent silent when it was to be talked "
            f"over: {score.not_sounding}; recogniser knew the sound again at {like:.2f}",
            style="dim",
        )
        for failure in score.failures:
            CONSOLE.print(f"  {failure}", style="dim", markup=False)


if __name__ == "__main__":
    main()
