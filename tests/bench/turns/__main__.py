"""Prints, for each setting: cut-offs, waits, false stops by kind, missed interruptions and times to silence.

Timelines of the scenes go to `build/turns/`, where `python -m app replay` opens them.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import get_args

from rich.console import Console

from app.personas.loader import load_personas
from app.personas.schema import Persona
from tests.bench.table import Sheet, machine, percentile
from tests.bench.turns.scenes import Kind, Scene, answers
from tests.bench.turns.score import Score
from tests.bench.turns.stage import Performance
from tests.bench.turns.talk_overs import talk_overs
from tests.server import REPOSITORY

CONSOLE = Console(highlight=False, soft_wrap=True)
FOLDER = REPOSITORY / "build" / "turns"


def settings() -> dict[str, Persona]:
    """The house's own personas, with a greeting short enough for a scene."""
    found = load_personas(REPOSITORY / "personas")
    return {
        name: found[name].model_copy(update={"greeting": "Hello. What can you tell me?"})
        for name in ("assistant", "interviewer")
    }


def measure(persona: Persona, scenes: list[Scene], folder: Path) -> Score:
    """Every scene with this persona; timelines in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    score = Score()
    for number, scene in enumerate(scenes):
        outcome = Performance(replace(scene), persona).perform()
        score.take(outcome)
        (folder / f"{number:04}-{scene.kind.replace(' ', '-')}.jsonl").write_text("\n".join(outcome.timeline) + "\n")
    return score


def show(name: str, score: Score) -> None:
    """One setting's figures; none of what no scene was about."""
    sheet = Sheet(CONSOLE)
    CONSOLE.print(f"\n[bold]{name}[/bold]")
    if score.waits_ms or score.paused:
        _show_turns(sheet, score)
    if stopped := score.sounded["interruption"] + score.sounded["double talk"]:
        sheet.add(f"interruptions that stop the agent ({stopped})", 100 - 100 * score.missed / stopped, "%", least=97)
        sheet.add("onset to silence, median", percentile(score.silent_ms, 0.5), "ms", most=250)
        sheet.add("… 95th percentile", percentile(score.silent_ms, 0.95), "ms", most=400)
    for kind, most in (("noise", 5), ("cough", 5), ("backchannel", 10), ("echo", 5)):
        if count := score.sounded[kind]:
            sheet.add(f"sentences lost to {kind} ({count})", 100 * score.lost[kind] / count, "%", most=most)
    if score.first_words:
        first = 100 * score.first_words_lost / score.first_words
        sheet.add(f"first words lost ({score.first_words})", first, "%", most=2)
    sheet.show()


def _show_turns(sheet: Sheet, score: Score) -> None:
    waits = score.waits_ms
    if waits:
        sheet.add("reply's first sound after the last word, median", percentile(waits, 0.5), "ms", most=1000)
        sheet.add("… 95th percentile", percentile(waits, 0.95), "ms", most=1600)
    sheet.add("answers that got no reply", score.unanswered, "", most=0)
    for which, count in score.paused.items():
        share = 100 * score.cut_off[which] / count
        sheet.add(f"cut off in pauses {which} ({count})", share, "%", most=5 if which.startswith("up") else None)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.turns", description=__doc__)
    parser.add_argument("--thorough", action="store_true", help="more voices and levels: some minutes")
    parser.add_argument("--examples", type=int, default=0, help="show so many of what went wrong, for each setting")
    parser.add_argument("--only", choices=get_args(Kind), help="only scenes of this kind")
    parser.add_argument("--persona", choices=("assistant", "interviewer"), help="only with this one")
    given = parser.parse_args()
    CONSOLE.print(machine())
    every = [*answers(given.thorough), *talk_overs(given.thorough)]
    scenes = [scene for scene in every if given.only in (None, scene.kind)]
    for name, persona in settings().items():
        if given.persona not in (None, name):
            continue
        began = time.perf_counter()
        score = measure(persona, scenes, FOLDER / name)
        show(name, score)
        heard_s = sum(scene.seconds for scene in scenes)
        CONSOLE.print(
            f"{len(scenes)} scenes, {heard_s:.0f} s of calls in {time.perf_counter() - began:.0f} s", style="dim"
        )
        for example in score.examples[: given.examples]:
            CONSOLE.print(f"  {example}", style="dim")


if __name__ == "__main__":
    main()
