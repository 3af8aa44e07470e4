"""A scene through the real path in virtual time: μ-law frames, the audio chain, the core; vendors that take 600 ms.

The recogniser is perfect but for what it was given: it knows the words of the stretch it is asked for, and nothing of
noises, nor where a sentence ends. The agent's speech is real, so that its echo can come back, and where it is loud
enough the recogniser hears its words as well, wherever the caller does not drown them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from app.audio.ear import Ear
from app.audio.reading import FRAME_LINE_SAMPLES, LINE_RATE_HZ, Reading
from app.call import actions as act
from app.call import events as ev
from app.personas.schema import Persona
from tests.bench.turns import sounds
from tests.bench.turns.scenes import Scene
from tests.bench.turns.sounds import Said, Samples
from tests.bench.turns.talk_overs import QUESTION
from tests.stories import stage
from tests.stories.stage import Story

STT_S, LLM_S, TTS_S = 0.2, 0.25, 0.15
HEARD_DB = -22.0
"""An echo fainter than this leaves the recogniser no words."""
STORY = (
    "A miller had three sons, and when he died the youngest was left with nothing but the cat. "
    "The cat asked for a pair of boots and a bag, which seemed a strange thing for a cat to want. "
    "Then it went into the fields and caught a rabbit, and carried it to the king as a present from its master."
)
AGENT_VOICE = 3
AGENT_RMS = 2500.0


@dataclass
class Outcome:
    """What came of a scene, in seconds of it. `agent_began`: every time the agent began to sound after being quiet;
    `cleared`: when playback was cut; `decided`: when a turn was taken for ended; `over`: where the disturbance was."""

    scene: Scene
    agent_began: list[float] = field(default_factory=list)
    cleared: list[float] = field(default_factory=list)
    asked: list[tuple[float, str]] = field(default_factory=list)
    decided: list[float] = field(default_factory=list)
    over: Said | None = None
    story_sounded_whole: bool = False
    reply_s: float | None = None
    timeline: list[str] = field(default_factory=list)


class Performance(Story):
    """One scene with one persona."""

    def __init__(self, scene: Scene, persona: Persona) -> None:
        replies = {QUESTION: STORY}
        super().__init__(persona, replies=replies, stt_s=STT_S, llm_s=LLM_S, tts_s=TTS_S)
        self.scene = scene
        self.confidence = 0.9
        self.outcome = Outcome(scene)
        self._ear = Ear()
        self._track = np.append(scene.track, np.zeros(LINE_RATE_HZ))
        self._said = list(scene.said)
        self._agent = np.zeros(len(self._track) + LINE_RATE_HZ * 60)
        self._pieces: dict[int, Samples] = {}
        self._echoes: list[Said] = []
        self._quiet_from = -1.0

    def perform(self) -> Outcome:
        """Play it to its end."""
        self.run(until=self.scene.seconds)
        self.outcome.timeline = self.timeline
        return self.outcome

    def _reading(self, index: int) -> Reading:
        begin = index * FRAME_LINE_SAMPLES
        frame = self._track[begin : begin + FRAME_LINE_SAMPLES]
        if self.scene.echo_db is not None:
            late = begin - round(self.scene.echo_s * LINE_RATE_HZ)
            if late >= 0:
                frame = frame + self._agent[late : late + FRAME_LINE_SAMPLES] * 10 ** (self.scene.echo_db / 20)
        return self._ear.hear(sounds.telephone(frame), begin)

    def words_in(self, start_s: float, end_s: float) -> str:
        """The words whose middle lies in this stretch, each as long as it has letters."""
        found = [word for said in self._said for word in words_at(said.words, said.begin_s, said.end_s)]
        if self.scene.echo_db is not None and self.scene.echo_db >= HEARD_DB:
            echoes = [(echo.words, echo.begin_s, echo.end_s) for echo in self._echoes]
            found += [echo for echo in echoes if not self._drowned(echo[1], echo[2])]
        found.sort(key=lambda word: word[1])
        return " ".join(word for word, begin_s, finish_s in found if start_s <= (begin_s + finish_s) / 2 <= end_s)

    def _drowned(self, begin_s: float, end_s: float) -> bool:
        return any(said.begin_s < end_s and begin_s < said.end_s for said in self._said)

    def _do(self, actions: list[act.Action]) -> None:
        self.timeline += self._writer.actions(actions)
        for action in actions:
            self.done.append((self.now, action))
            perform = _PERFORM.get(type(action)) or stage._PERFORM.get(type(action))
            if perform:
                perform(self, action)

    def _send(self, action: act.SendAudio) -> None:
        self._sounds(action)
        self.line.audio(action.end_ms - action.start_ms, self.now)

    def _clear(self, _: act.ClearPlayback) -> None:
        self.outcome.cleared.append(self.now)
        self._agent[round(self.now * LINE_RATE_HZ) :] = 0
        self._echoes = [echo for echo in self._echoes if (echo.begin_s + echo.end_s) / 2 < self.now + self.scene.echo_s]
        self._quiet_from = self.now
        self.line.clear(self.now)

    def _record(self, action: act.RecordSegment) -> None:
        """A turn's line is written down once it is put to the dialogue for good: what was asked early may be void."""
        if action.role == "caller":
            self.outcome.asked.append((self.now, action.text))
        super()._record(action)

    def _sounds(self, action: act.SendAudio) -> None:
        begin_s = max(self.line.free_at, self.now)
        if begin_s > self._quiet_from + 0.35:
            self.outcome.agent_began.append(begin_s)
            self._agent_begins(begin_s)
        piece = self._pieces[action.piece]
        part = piece[action.start_ms * 8 : action.end_ms * 8]
        piece_s = begin_s - action.start_ms / 1000 + self.scene.echo_s
        for word, from_s, to_s in words_at(self._texts[action.piece][0], piece_s, piece_s + len(piece) / LINE_RATE_HZ):
            if action.start_ms < (to_s - piece_s) * 1000 <= action.end_ms:
                self._echoes.append(Said(word, from_s, to_s))
        at = round(begin_s * LINE_RATE_HZ)
        room = self._agent[at : at + len(part)]
        room[:] = part[: len(room)]
        self._quiet_from = begin_s + (action.end_ms - action.start_ms) / 1000

    def _agent_begins(self, at_s: float) -> None:
        """The long reply begins: what is to sound over it is put in its place."""
        scene = self.scene
        if scene.over is None or self.outcome.over is not None or len(self.outcome.agent_began) < 2:
            return
        begin_s = at_s + scene.over_after_s
        sounds.add(self._track, scene.over, begin_s)
        self.outcome.over = Said(scene.over_words, begin_s, begin_s + len(scene.over) / LINE_RATE_HZ)
        if scene.over_words:
            self._said.append(self.outcome.over)

    def _synthesize(self, action: act.Synthesize) -> None:
        self._pieces[action.piece] = sounds.level(sounds.spoken(action.text, AGENT_VOICE), AGENT_RMS)
        self._texts[action.piece] = (action.text, ())
        ready_ms = len(self._pieces[action.piece]) // 8
        self.at(self.now + self.tts_s, ev.SpeechReady(action.piece, ready_ms, final=True))

    def _transcribe(self, action: act.Transcribe) -> None:
        self.outcome.decided.append(self.now)
        words = as_written(self.words_in(action.start / LINE_RATE_HZ, action.end / LINE_RATE_HZ))
        self.at(self.now + self.stt_s, ev.TranscriptReady(action.turn, words, self.confidence if words else None))


def as_written(words: str) -> str:
    """A recogniser knows no commas, and ends whatever it is given with a full stop: nothing may be read off them."""
    return f"{words.rstrip(' ,.')}." if words and not words.endswith("?") else words


def words_at(words: str, begin_s: float, end_s: float) -> list[tuple[str, float, float]]:
    """Each word of the stretch with its own beginning and end, as long as it has letters."""
    per_letter, at, found = (end_s - begin_s) / max(1, len(words)), 0, []
    for word in words.split():
        found.append((word, begin_s + at * per_letter, begin_s + (at + len(word)) * per_letter))
        at += len(word) + 1
    return found


_PERFORM: dict[type, Callable[..., None]] = {
    act.SendAudio: Performance._send,
    act.ClearPlayback: Performance._clear,
    act.RecordSegment: Performance._record,
    act.Synthesize: Performance._synthesize,
    act.Transcribe: Performance._transcribe,
}
