"""How long a pause is waited out, by what is known of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.call.completeness import Completeness, Kind
from app.call.endpointing import Evidence, Expects, OwnPause, wait_for

USUAL_MS, LONGEST_MS = 1300, 2500


def waited_ms(
    kind: Kind | None, finality: int = -1, expects: Expects = "", pauses: tuple[int, ...] = (), usual_ms: int = USUAL_MS
) -> int:
    words = Completeness(kind, "because") if kind else None
    own = tuple(OwnPause(ms, odds=5.0) for ms in pauses)
    return wait_for(Evidence(usual_ms, LONGEST_MS, words, finality, expects, own)).ms


def odds_ms(why: str = "because", finality: int = -1, voiced_ms: int = 0, model: int = -1) -> int:
    words = Completeness("unknown", why)
    return wait_for(Evidence(USUAL_MS, LONGEST_MS, words, finality, "thought", (), voiced_ms, model)).ms


def test_a_yes_to_a_yes_no_question_is_answered_after_half_a_second() -> None:
    assert waited_ms("plain", expects="yes-no") == 500
    assert waited_ms("plain", expects="thought") > 500


@pytest.mark.parametrize("kind", ["open", "dictating", "thinking"])
def test_words_that_need_more_are_waited_for_longer_than_usual(kind: Kind) -> None:
    assert 1500 <= waited_ms(kind) <= LONGEST_MS
    assert waited_ms(kind, finality=20, expects="thought") == LONGEST_MS


def test_figures_on_which_the_voice_came_down_are_the_last_ones() -> None:
    assert waited_ms("dictating", finality=85) < waited_ms("dictating", finality=30)


def test_a_number_that_may_be_whole_is_over_when_the_voice_comes_down() -> None:
    enough = Completeness("dictating", "enough-figures")
    assert wait_for(Evidence(USUAL_MS, LONGEST_MS, enough, 80)).ms < 1000
    assert wait_for(Evidence(USUAL_MS, LONGEST_MS, enough, 30)).ms >= 1500


def test_where_the_words_prove_nothing_the_voice_decides() -> None:
    fallen, unknown, up = waited_ms("unknown", 85), waited_ms("unknown"), waited_ms("unknown", 5)
    assert fallen < 1000 < unknown < up


def test_the_voice_proves_nothing_against_the_words() -> None:
    assert waited_ms("open", finality=95) == waited_ms("open", finality=-1)


def test_until_the_words_are_known_it_is_the_personas_usual_silence() -> None:
    assert waited_ms(None, finality=95) == USUAL_MS


def test_a_caller_who_makes_long_pauses_is_given_them_but_one_pause_is_no_habit() -> None:
    assert waited_ms("unknown", 85, pauses=(1500,)) == waited_ms("unknown", 85)
    assert waited_ms("unknown", 85, pauses=(1500, 1600)) > 1600


def test_pauses_in_which_the_voice_stayed_up_say_nothing_of_those_where_it_comes_down() -> None:
    words, own = Completeness("unknown", "because"), (OwnPause(1500, odds=-2.0), OwnPause(1600, odds=-2.0))
    fallen = Evidence(USUAL_MS, LONGEST_MS, words, 85, "thought", own)
    assert wait_for(fallen).ms < 1000
    assert wait_for(replace(fallen, finality=10)).ms > 1600


def test_words_that_seem_to_lack_something_are_never_answered_sooner_than_usual() -> None:
    assert waited_ms("leaning", finality=95) >= USUAL_MS
    assert waited_ms("leaning", finality=95, usual_ms=800) > 800


def test_a_voice_that_tells_little_is_believed_in_a_long_answer_but_not_in_a_short_one() -> None:
    assert odds_ms(finality=50, voiced_ms=5000) < 1000
    assert odds_ms(finality=50, voiced_ms=1000) == USUAL_MS


def test_closing_words_make_an_end_likelier_and_impossible_words_make_it_less_likely() -> None:
    assert odds_ms("closing-words", finality=48) < odds_ms(finality=48)
    assert odds_ms("not-these-words", finality=62) > odds_ms(finality=62)


def test_a_network_is_heard_beside_the_voice_and_without_it() -> None:
    assert odds_ms(finality=50, model=95) < odds_ms(finality=50) < odds_ms(finality=50, model=2)
    assert odds_ms(model=95) < 1000
    assert odds_ms(finality=70, model=50) == odds_ms(finality=70)


def test_a_caller_who_makes_only_short_ones_is_answered_sooner() -> None:
    assert waited_ms("unknown", pauses=(220, 240, 260, 240, 300, 220)) < 1000
    assert waited_ms("unknown", pauses=(220, 240, 260, 240, 600, 220)) == USUAL_MS


@given(
    st.sampled_from([None, "plain", "whole", "open", "dictating", "thinking", "leaning", "unknown"]),
    st.integers(-1, 100),
    st.sampled_from(["", "yes-no", "thought", "time"]),
    st.lists(st.integers(0, 10_000), max_size=20),
    st.integers(200, 4000),
)
def test_no_wait_is_endless_and_none_is_shorter_than_a_breath(
    kind: Kind | None, finality: int, expects: Expects, pauses: list[int], usual_ms: int
) -> None:
    ms = waited_ms(kind, finality, expects, tuple(pauses), usual_ms)
    assert min(usual_ms, 500) <= ms <= max(round(usual_ms * 1.1), LONGEST_MS)
