"""Whatever comes back from the line, how late, how loud and however it is recognised: the agent is not silenced for
good, does not stop again and again, and does not answer itself."""

from __future__ import annotations

from hypothesis import Phase as Phases
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.reading import FRAME_LINE_SAMPLES, FRAME_MS, Reading
from app.call import actions as act
from app.call.phases import Phase
from tests.stories.stage import QUIET, Story, persona

GREETING = "Hello, you have reached the town library, how may I help you today?"
REPLY = "We are open from eight in the morning, until six in the evening. On Sundays we are closed, as ever."
QUESTION = "when do you open"


class EchoingLine(Story):
    """What the agent says comes back `late_s` later at `levels`, one after the other, and is heard as `hearings`."""

    def __init__(self, late_s: float, levels: list[int], hearings: list[str], stt_s: float) -> None:
        super().__init__(persona(greeting=GREETING), replies={QUESTION: REPLY}, stt_s=stt_s)
        self._late_s, self._levels, self._hearings = late_s, levels, hearings
        self._transcripts = 0
        self.caller.says(QUESTION, at=8.0, lasts=1.0)

    def _reading(self, index: int) -> Reading:
        at = index * FRAME_MS / 1000
        level = self.caller.level_at(at) or 0
        if any(begin <= at - self._late_s < end for begin, end in self.line.played):
            level = max(level, self._levels[index // 7 % len(self._levels)])
        return Reading(index * FRAME_LINE_SAMPLES, max(level, QUIET), level > 0, QUIET)

    def _transcribe(self, action: act.Transcribe) -> None:
        self.caller.lines = [line for line in self.caller.lines if line[2] == QUESTION]
        if not self.caller.words_in(action.start / 8000, action.end / 8000):
            heard = self._hearings[self._transcripts % len(self._hearings)]
            self._transcripts += 1
            self.caller.lines.append((action.start / 8000, action.end / 8000, heard, 0))
        super()._transcribe(action)


OWN = st.sampled_from(
    ["", "the morning until", "from eight in the morning", "how may I help", "Sundays we are", "library", "evening"]
)


@given(
    late_s=st.floats(0.05, 0.6),
    levels=st.lists(st.integers(0, 1200), min_size=1, max_size=6),
    hearings=st.lists(OWN, min_size=1, max_size=5),
    stt_s=st.floats(0.05, 1.5),
)
@settings(max_examples=15, deadline=None, phases=(Phases.explicit, Phases.generate))
def test_the_agents_own_sound_never_silences_it_for_good(
    late_s: float, levels: list[int], hearings: list[str], stt_s: float
) -> None:
    told = EchoingLine(late_s, levels, hearings, stt_s)
    told.run(until=26)
    assert told.call.phase in (Phase.WAIT_FOR_USER, Phase.AI_SPEAKING, Phase.VALIDATING_UTTERANCE)
    reply = next(segment for segment in told.agent.of("agent") if segment.text.startswith("We are open"))
    assert reply.heard_text == reply.text
    assert not reply.interrupted
    assert [a.text for a in told.actions(act.Ask) if isinstance(a, act.Ask)] == [QUESTION]
    assert len(told.actions(act.ClearPlayback)) <= told.persona.barge_in.pauses_at_most * len(told.agent.of("agent"))
