"""A whole interview in which a little of everything happens, for whoever wants to see its scorecard."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from app.dialogue.interviewing.happening import Start
from app.dialogue.interviewing.kept import dump, load
from app.dialogue.judging import offline
from app.dialogue.judging.judgement import Said
from app.dialogue.judging.points import Verdict
from tests.dialogue.interviewing.candidate import ANSWER, MODEL_ANSWERS, Interview

BEGAN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
POINTS = [9, 7, 1, 1, 1, 9, 5, 4, 1, 9]
"""What `a_whole_talk` gives, question by question."""


@dataclass
class Talk(Interview):
    """An interview by phone: every turn has its number in the call `call`, and its time. `heard`: all that the
    candidate said, by segment id."""

    call: str = "call"
    heard: dict[str, str] = field(default_factory=dict)
    turns: int = 0

    def says(self, text: str = "", verdict: Verdict | None = None, **more: object) -> str:
        if not text:
            return super().says(text, verdict, **more)
        self.turns += 1
        segment = f"{self.call}/{self.turns}"
        self.heard[segment] = text
        at = (BEGAN + timedelta(seconds=20 * self.turns)).isoformat()
        return super().says(text, verdict, segment=segment, at=at, **more)

    def agrees(self) -> Talk:
        """From the beginning to the first question, consent by voice in the call's first turn."""
        self.happens(Start())
        self.says("yes, I agree")
        return self

    @property
    def best(self) -> str:
        """What the bank would answer to the question in hand."""
        return MODEL_ANSWERS[self.record.question.id]

    def answers_in_part(self) -> None:
        """With one key point of the question in hand."""
        points = self.record.question.key_points
        for point in points:
            for wording in point.wordings:
                trial = f"Well, I would say {wording}."
                if offline.judge(self.record.question, (Said(trial),)).verdict is Verdict.PARTIAL:
                    self.says(trial)
                    return
        raise AssertionError("no wording of this question is a part of an answer")


def a_whole_talk(conversation: str = "a conversation", call: str = "call") -> Talk:
    """Ten questions: right; partly, then right; wrong twice; not known; skipped; right in words that are not sure;
    partly, the hint skipped; wrong, then right; silence; right."""
    talk = Talk(conversation, call=call).agrees()
    talk.says(talk.best)
    talk.answers_in_part()
    talk.says(talk.best)
    talk.says(ANSWER)
    talk.says(ANSWER)
    talk.says("I don't know")
    talk.says("skip this question please")
    talk.says(talk.best, confidence=0.3)
    talk.answers_in_part()
    talk.says("skip this question please")
    talk.says(ANSWER)
    talk.says(talk.best)
    talk.is_silent()
    talk.is_silent()
    talk.says(talk.best)
    return talk


def retold(conversation: str, call: str) -> Talk:
    """The same talk in another conversation and call, without being led again, which takes a second."""
    template = _whole()
    renamed = dump(template.session).replace('"a conversation"', f'"{conversation}"').replace('"call/', f'"{call}/')
    talk = Talk(conversation, call=call, turns=template.turns)
    talk.session = load(renamed)
    talk.heard = {segment.replace("call/", f"{call}/"): text for segment, text in template.heard.items()}
    return talk


@cache
def _whole() -> Talk:
    return a_whole_talk()
