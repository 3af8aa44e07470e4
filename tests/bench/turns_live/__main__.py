"""A real server with real SDKs, vendors that take 600 ms, and callers in real time on telephone lines; then the table
of how turns were told from pauses, and interruptions from noises.

Kept in `build/turns-live/PERSONA/`: each call's timeline (`python -m app replay` opens it), its two sides as a WAV, and
what was said when.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from rich.console import Console

from tests.bench.process import cpu_s
from tests.bench.table import Sheet, machine, percentile
from tests.bench.turns_live.acting import Actor, Played
from tests.bench.turns_live.corpus import Plan, calls
from tests.bench.turns_live.score import Score
from tests.bench.turns_live.vendors import Listening, Vendors
from tests.end_to_end.waiting import ended_call
from tests.server import REPOSITORY, RunningServer
from tests.vendors.everyone import Pace, settings

CONSOLE = Console(highlight=False, soft_wrap=True)
FOLDER = REPOSITORY / "build" / "turns-live"
ASKS = {"assistant": "Tell me a story.", "interviewer": ""}
"""What brings the agent to say something long; an interviewer does by itself."""
AT_ONCE_S = 2.5
"""Between two calls' beginnings."""


@dataclass(frozen=True, slots=True)
class Wanted:
    calls: int
    exchanges: int
    at_once: int
    only: int | None


def personas(folder: Path) -> Path:
    """The house's own, with a short greeting and enough questions, so that a call is not spent on them."""
    made = folder / "personas"
    (made / "questions").mkdir(parents=True)
    for source in sorted((REPOSITORY / "personas").glob("**/*.yaml")):
        text = source.read_text(encoding="utf-8")
        if source.stem in ASKS:
            persona = yaml.safe_load(text)
            persona["greeting"] = "Hello. Are you ready?"
            if "interview" in persona:
                persona["interview"]["questions"] = 18
            text = yaml.safe_dump(persona, allow_unicode=True)
        (made / source.relative_to(REPOSITORY / "personas")).write_text(text, encoding="utf-8")
    return made


async def run(name: str, wanted: Wanted) -> tuple[list[Played], Vendors, float]:
    """Every call with this persona; the vendors with what they know, and the server's seconds of processor."""
    vendors = Vendors()
    vendors.pace = Pace(0.0, 0.0, 0.0, 0.0, 1e6)
    door = await asyncio.start_server(vendors.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{door.sockets[0].getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="parley-turns-") as place:
        folder = Path(place)
        given = settings(url) | {"STT_PROVIDER": "groq", "LLM_PROVIDER": "groq", "TTS_PROVIDER": "elevenlabs"}
        given |= {"PERSONAS_DIR": str(personas(folder)), "DEFAULT_PERSONA": name, "NO_PROXY": "127.0.0.1"}
        running = RunningServer(folder / "server", given)
        try:
            await asyncio.to_thread(running.start)
            await _lines_ready(running)
            vendors.pace = Pace()
            before = cpu_s(running.pid)
            played = await _play(running, vendors.known, name, wanted)
            cpu = cpu_s(running.pid) - before
            for call in played:
                await _kept(running, call, FOLDER / name, vendors.known)
        finally:
            if running._process is not None:
                await asyncio.to_thread(running.kill)
            running.rest.close()
            door.close()
            await vendors.close()
    return played, vendors, cpu


async def _lines_ready(running: RunningServer, within_s: float = 60.0) -> None:
    """Until no more fixed lines are being prepared."""
    folder, until, before, quiet = running.data_dir / "lines", time.monotonic() + within_s, -1, 0
    while time.monotonic() < until and quiet < 4:
        await asyncio.sleep(0.5)
        count = len(list(folder.glob("*"))) if folder.exists() else 0
        quiet = quiet + 1 if count == before else 0
        before = count


async def _play(running: RunningServer, known: Listening, name: str, wanted: Wanted) -> list[Played]:
    plans = [plan for plan in calls(wanted.calls, wanted.exchanges) if wanted.only in (None, plan.number)]
    room, places = asyncio.Semaphore(wanted.at_once), iter(range(len(plans)))

    async def one(plan: Plan) -> Played:
        async with room:
            place = next(places)
            await asyncio.sleep(AT_ONCE_S * place if place < wanted.at_once else 0.0)
            actor = Actor(running, known, plan, "+15550100000", ASKS[name])
            return await actor.play()

    return await asyncio.gather(*map(one, plans))


async def _kept(running: RunningServer, call: Played, folder: Path, known: Listening) -> None:
    if not call.sid:
        return
    await ended_call(running, call.sid)
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
    parser.add_argument("--only", type=int, help="only the call of this number")
    given = parser.parse_args()
    wanted = Wanted(given.calls, given.exchanges, given.at_once, given.only)
    CONSOLE.print(machine())
    for name in [given.persona] if given.persona else ASKS:
        began, score = time.perf_counter(), Score()
        (FOLDER / name).mkdir(parents=True, exist_ok=True)
        played, vendors, cpu = asyncio.run(run(name, wanted))
        for call in played:
            score.take(call, vendors.known.voiced)
        seconds = sum(call.seconds for call in played)
        show(name, score, cpu * 1000 / max(1.0, seconds))
        like = percentile(vendors.known.likeness, 0.05)
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
