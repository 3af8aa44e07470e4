"""What the outcomes of scenes say about turns and interruptions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.bench.turns.stage import Outcome

LATE_S = 6.0
"""A reply that has not come by then has not come."""
SPEAKERS_PAUSE_S = 1.25
"""1.2 s and the edges of what was cut. Longer pauses are not counted as cut-offs by the issue's bar; they are told
apart."""


@dataclass
class Score:
    """Of one setting. Times in ms."""

    cut_off: Counter[str] = field(default_factory=Counter)
    paused: Counter[str] = field(default_factory=Counter)
    waits_ms: list[float] = field(default_factory=list)
    unanswered: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    sounded: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    silent_ms: list[float] = field(default_factory=list)
    first_words: int = 0
    first_words_lost: int = 0
    examples: list[str] = field(default_factory=list)

    def take(self, outcome: Outcome) -> None:
        """Count one scene."""
        kind = outcome.scene.kind
        if kind in ("pause", "end"):
            self._answer(outcome)
        elif kind in ("interruption", "double talk"):
            self._interruption(outcome)
        else:
            self._disturbance(outcome)

    def _answer(self, outcome: Outcome) -> None:
        said = outcome.scene.said
        replies = [at for at in outcome.agent_began[1:] if at > said[0].begin_s]
        if outcome.scene.kind == "pause":
            which = "up to 1.2 s" if outcome.scene.pause_s <= SPEAKERS_PAUSE_S else "longer"
            self.paused[which] += 1
            if any(at < said[-1].end_s for at in replies):
                self.cut_off[which] += 1
                self.examples.append(f"cut off: {outcome.scene.name}: {said[0].words!r}")
        after = [at for at in replies if at >= said[-1].end_s]
        if after and after[0] - said[-1].end_s < LATE_S:
            self.waits_ms.append((after[0] - said[-1].end_s) * 1000)
        else:
            self.unanswered += 1
            self.examples.append(f"no reply: {outcome.scene.name}: {said[-1].words!r}")
        self._first_word(said[0].words, [text for _, text in outcome.asked])

    def _interruption(self, outcome: Outcome) -> None:
        over = outcome.over
        if over is None:
            self.examples.append(f"never came to it: {outcome.scene.name}")
            self.unanswered += 1
            return
        kind = outcome.scene.kind
        self.sounded[kind] += 1
        cleared = [at for at in outcome.cleared if at >= over.begin_s]
        later = [text for at, text in outcome.asked if at > over.begin_s]
        if not cleared or not later:
            self.missed += 1
            self.examples.append(f"missed: {kind} {outcome.scene.name}")
            return
        self.silent_ms.append((cleared[0] - over.begin_s) * 1000)
        self._first_word(over.words, later)

    def _disturbance(self, outcome: Outcome) -> None:
        """A sentence is lost if the agent did not go on with it: it asked for an answer, or fell silent for good."""
        kind = outcome.scene.kind
        self.sounded[kind] += 1
        end_s = outcome.over.end_s if outcome.over else 0.0
        asked = [text for at, text in outcome.asked if outcome.over and at > outcome.over.begin_s]
        silenced = [at for at in outcome.cleared if outcome.over and at >= outcome.over.begin_s]
        resumed = [at for at in outcome.agent_began if silenced and at >= silenced[0]]
        if asked or (silenced and not resumed):
            self.lost[kind] += 1
            self.examples.append(f"cost a sentence: {kind} {outcome.scene.name} {asked} (to {end_s:.1f} s)")

    def _first_word(self, words: str, asked: list[str]) -> None:
        self.first_words += 1
        if not any(text.startswith(words.split()[0]) for text in asked):
            self.first_words_lost += 1
            self.examples.append(f"first word lost: {words!r} in {asked}")
