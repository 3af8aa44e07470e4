"""What the caller heard, to the word: exact where the voice tells where its words end, by its own pace where not."""

from __future__ import annotations

import pytest

from app.call import actions as act
from app.call.piece import Piece
from tests.stories.actor import spoken
from tests.stories.stage import Story, persona

SHORT_THEN_LONG = "Yes, and no, and so on, and incomprehensibilities notwithstanding, forever."


def interrupted(story: Story, at: float = 5.0) -> Story:
    story.replies = {"tell me": SHORT_THEN_LONG}
    story.caller.says("tell me", at=2.0, lasts=1.0)
    story.caller.says("no i mean on sundays", at=at, lasts=1.6)
    return story.run(until=at + 4)


def truth(story: Story) -> str:
    """The words that were played whole before the line fell silent."""
    cleared = story.when(act.ClearPlayback)[0]
    begin = next(begin for begin, _ in story.line.played if begin > 3)
    return " ".join(spoken(SHORT_THEN_LONG, story.actor.ends(SHORT_THEN_LONG), 0, round((cleared - begin) * 1000)))


@pytest.mark.parametrize("at", [4.6, 5.0, 5.5, 6.3, 6.9, 7.5])
def test_where_the_voice_tells_its_words_the_heard_text_is_exact(at: float) -> None:
    story = Story()
    story.actor.pause_ms, story.actor.tells_words = 400, True
    heard = interrupted(story, at).agent.heard[1]
    assert truth(story).startswith(heard), "rather too little than too much"
    late = truth(story).removeprefix(heard).split()
    assert len(late) <= 1, "and at most the word that the network may have held back"


def test_without_its_words_the_pauses_of_a_voice_mislead() -> None:
    """What the exact ends are for: by proportion, more is believed to be heard than was."""
    story = Story()
    story.actor.pause_ms = 800
    heard = interrupted(story, 5.5).agent.heard[1]
    assert not truth(story).startswith(heard)


def test_words_that_come_bit_by_bit_count_as_they_come() -> None:
    story = Story()
    story.actor.pause_ms, story.actor.tells_words = 400, True
    story.actor.bit_ms, story.actor.every_s = 300, 0.15
    heard = interrupted(story, 6.0).agent.heard[1]
    assert heard
    assert truth(story).startswith(heard)
    assert len(truth(story).removeprefix(heard).split()) <= 1


@pytest.mark.parametrize("ms_per_char", [40, 100])
def test_of_a_piece_in_the_making_the_voices_own_pace_tells_what_was_heard(ms_per_char: int) -> None:
    story = Story()
    story.actor.ms_per_char = ms_per_char
    story.actor.bit_ms, story.actor.every_s = 20, 0.018
    story.caller.says("tell me", at=5.0, lasts=1.0)
    story.replies = {"tell me": "one two three four five six seven eight nine ten " * 4}
    story.hangs_up(at=9.0)
    story.run(until=12.0)
    heard = story.agent.heard[1].split()
    played_ms = round((9.0 - next(begin for begin, _ in story.line.played if begin > 5)) * 1000)
    truly = spoken(story.agent.said[1], story.actor.ends(story.agent.said[1]), 0, played_ms)
    assert len(truly) - 5 <= len(heard) <= len(truly) + 1


@pytest.mark.parametrize(
    "ends",
    [
        ((-5, 3), (0, 0)),
        ((100, 10**9), (200, -1)),
        ((300, 3), (200, 8), (100, 12)),
        ((100, 2), (150, 7)),
    ],
)
def test_word_ends_that_cannot_be_spoil_nothing(ends: tuple[tuple[int, int], ...]) -> None:
    piece = Piece(1, "one two three four", ready_ms=900, final=True)
    piece.words_end(ends)
    for piece.heard_ms in range(0, 901, 50):
        chars = piece.heard_chars()
        assert chars in (0, 18) or piece.text[chars] == " "


def test_a_sentence_is_taken_up_again_at_the_clause_that_was_truly_reached() -> None:
    story = Story(persona())
    story.actor.pause_ms, story.actor.tells_words = 800, True
    story.replies = {"tell me": "We are open, on Mondays too, from eight in the morning, until six."}
    story.caller.says("tell me", at=2.0, lasts=1.0)
    story.caller.says("mm-hmm", at=5.0, lasts=0.4)
    story.run(until=16)
    again = [a.text for a in story.actions(act.Synthesize) if isinstance(a, act.Synthesize)][-1]
    assert again == "on Mondays too, from eight in the morning, until six."
    assert story.agent.heard[1] == story.replies["tell me"]
