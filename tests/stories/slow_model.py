"""A story of one question whose answer takes its time."""

from __future__ import annotations

from app.call import actions as act
from tests.stories.stage import Story, persona

QUESTION = "when do you open"
ANSWER = "We open at eight."
LINES = {"fillers": ["One moment.", "Let me think."], "trouble": "Say that again, please.", "goodbye": "Bye now."}


def told(llm_s: float = 3.0, **changes: object) -> Story:
    patience = {"filler_after_ms": 1500, "reprompt_after_s": 30} | (changes.pop("patience", None) or {})  # type: ignore[operator]
    lines = LINES | (changes.pop("lines", None) or {})  # type: ignore[operator]
    story = Story(persona(patience=patience, lines=lines, **changes), replies={QUESTION: ANSWER}, llm_s=llm_s)
    story.caller.says(QUESTION, at=2.0, lasts=1.0)
    return story


def asked(story: Story) -> list[str]:
    return [a.text for a in story.actions(act.Ask) if isinstance(a, act.Ask)]


def first_audio(story: Story, text: str) -> float:
    """When the first sound of the piece with this text left."""
    piece = next(a.piece for a in story.actions(act.Synthesize) if isinstance(a, act.Synthesize) and a.text == text)
    return next(at for at, a in story.done if isinstance(a, act.SendAudio) and a.piece == piece)
