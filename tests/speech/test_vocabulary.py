"""What the recogniser expects, and how the words sound."""

from __future__ import annotations

import pytest

from app.speech.numbers import in_words
from app.speech.pronunciation import phones_of, pronunciations
from app.speech.sphinx_model import language_model
from app.speech.vocabulary import Vocabulary, vocabulary, words
from tests.speech.callers import PERSONAS


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("0", "zero"), ("7", "seven"), ("13", "thirteen"), ("42", "forty two"), ("60", "sixty"),
        ("105", "one hundred five"),
        ("2026", "two thousand twenty six"), ("9000", "nine thousand"), ("007", "zero zero seven"),
        ("12345", "one two three four five"),
    ],
)  # fmt: skip
def test_numbers_are_said_as_callers_say_them(digits: str, said: str) -> None:
    assert in_words(digits) == said


def test_phrases_lose_every_sign_that_is_not_spoken() -> None:
    assert (
        words("What’s on the menu — 2 flat-whites & 50% off?")
        == "what's on the menu two flat whites and fifty percent off"
    )


@pytest.mark.parametrize("name", list(PERSONAS))
def test_a_persona_s_vocabulary_holds_all_it_can_answer(name: str) -> None:
    persona, known = PERSONAS[name], set(vocabulary(PERSONAS[name]).sentences)
    asked = [ask for entry in persona.knowledge for ask in entry.ask]
    wanted = [*asked, *persona.expects, *persona.barge_in.stop_words, *persona.barge_in.backchannels]
    assert {words(phrase) for phrase in wanted} <= known
    assert {"yes", "no", "goodbye", "thank you"} <= known


def test_what_any_caller_says_is_not_drowned_by_a_long_list() -> None:
    sentences = vocabulary(PERSONAS["receptionist"]).sentences
    assert sentences.count("yes please") / len(sentences) > 0.001


def test_words_of_the_dictionary_have_its_pronunciations_and_new_ones_are_spelt() -> None:
    found = pronunciations(("hello", "quesadilla", "either"))
    assert "HH AH L OW" in found["hello"]
    assert len(found["either"]) >= 2
    assert found["quesadilla"] == ("K EY S AH D IY AH",)


@pytest.mark.parametrize(
    ("ipa", "phones"), [("tʃˈɛk", "CH EH K"), ("dʒˈɔɪn", "JH OY N"), ("bˈʌtn̩", "B AH T AH N"), ("ˈ", "")]
)
def test_the_phonetic_alphabet_is_put_into_the_model_s_phones(ipa: str, phones: str) -> None:
    assert phones_of(ipa) == phones


def test_words_that_nobody_can_pronounce_are_dropped_from_the_model() -> None:
    model = language_model(Vocabulary((("hello zzyx there", 1),)), {"hello": ("HH AH L OW",), "there": ("DH EH R",)})
    assert "hello there" in model
    assert "zzyx" not in model
