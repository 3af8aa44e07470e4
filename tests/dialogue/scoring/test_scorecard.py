"""The scorecard of an interview: everything that it says was heard is there in the candidate's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from app.dialogue.interviewing.asked import as_asked
from app.dialogue.interviewing.happening import BrokenOff, Start, Words
from app.dialogue.interviewing.kept import dump, load
from app.dialogue.judging.judgement import Coverage, Quote
from app.dialogue.judging.offline import BY_WORDS_ALONE
from app.dialogue.judging.points import Verdict
from app.dialogue.scoring.card import Evidence, Scorecard
from app.dialogue.scoring.later import Score
from app.dialogue.scoring.making import scorecard
from tests.dialogue.desk import BANK
from tests.dialogue.interviewing.candidate import ANSWER
from tests.dialogue.scoring.told import BEGAN, POINTS, Talk
from tests.dialogue.scoring.told import a_whole_talk as lead_a_whole_talk

a_whole_talk = cache(lead_a_whole_talk)
CONVERSATIONS = ["a conversation", "another one", "4be21c5a-0000-4000-8000-000000000000", "π"]
TRAITS = re.compile(
    r"confiden|nervous|fluen|accent|voice|tone|slow|fast|hesita|smart|clever|weak|strong|poor|good|bad|excellent"
    r"|understand|lacks?|knowledge|skill|able|attitude|impress|personal|struggl|failed|wrong",
    re.IGNORECASE,
)


def overruled(place: int, points: int, after_s: float = 0, reason: str = "I listened.") -> Score:
    at = (BEGAN + timedelta(hours=1, seconds=after_s)).isoformat()
    return Score(place, "overruled", f"o{after_s}", points, "Ada", "", "1", reason, at)


def quotes_of(card: Scorecard) -> Iterable[tuple[Evidence, str]]:
    """Every quote with the line that it says it is from."""
    for question in card.questions:
        lines = {(attempt.kind, part): line for attempt in question.attempts for part, line in enumerate(attempt.lines)}
        points = [*question.key_points, *(point for attempt in question.attempts for point in attempt.points)]
        for evidence in (point.evidence for point in points):
            if evidence is not None:
                yield evidence, lines[evidence.attempt, evidence.part].text  # type: ignore[index]


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_every_quote_is_in_what_was_said_to_the_letter(conversation: str) -> None:
    talk = a_whole_talk(conversation)
    card = scorecard(talk.session)
    found = list(quotes_of(card))
    assert len(found) > 20
    for evidence, line in found:
        assert line[evidence.begin : evidence.end] == evidence.text
        assert talk.heard[evidence.segment] == line, "the segment is the one in which it was said"


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_what_was_not_missed_has_a_quote_and_what_was_missed_has_none(conversation: str) -> None:
    for question in scorecard(a_whole_talk(conversation).session).questions:
        for point in question.key_points:
            assert (point.coverage is Coverage.MISSED) == (point.evidence is None)


def test_the_points_are_those_of_the_talk_and_add_up() -> None:
    card = scorecard(a_whole_talk().session)
    assert [question.points for question in card.questions] == POINTS
    assert (card.total.points, card.total.most, card.total.asked) == (sum(POINTS), 90, 10)
    assert sum(level.points for level in card.by_level.values()) == card.total.points
    assert [level.most for level in card.by_level.values()] == [36, 27, 27]
    assert card.disposition == "complete"


def test_a_question_shows_how_it_went_and_by_whom_it_was_judged() -> None:
    questions = scorecard(a_whole_talk().session).questions
    assert questions[1].path == (Verdict.PARTIAL, Verdict.CORRECT)
    assert (questions[1].hints, bool(questions[1].hint), bool(questions[0].hint)) == (1, True, False)
    assert [attempt.kind for attempt in questions[1].attempts] == ["first", "hinted"]
    assert questions[1].judges == (f"offline {BY_WORDS_ALONE}",)
    assert [question.left for question in questions] == ["", "", "", "", "skipped", "", "skipped", "", "silence", ""]
    assert questions[0].version == 3
    assert questions[0].attempts[0].at == "2026-03-01T12:00:40+00:00"


def test_a_person_is_told_what_to_listen_to() -> None:
    card = scorecard(a_whole_talk().session)
    assert {check.place for check in card.checks} == {5}
    assert {check.why for check in card.checks} == {"unsure-words"}
    assert len(card.checks) == len(card.questions[5].key_points)


def test_a_line_of_unsure_words_in_which_nothing_was_found_is_to_be_listened_to_as_well() -> None:
    talk = Talk().agrees()
    talk.says(ANSWER, confidence=0.2)
    (check,) = scorecard(talk.session).checks
    assert (check.place, check.key_point, check.why, check.evidence.text) == (0, "", "unsure-line", ANSWER)


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_the_summary_claims_nothing_without_a_quote(conversation: str) -> None:
    talk = a_whole_talk(conversation)
    card = scorecard(talk.session)
    for sentence in card.summary:
        if sentence.kind in ("heard", "unsure"):
            assert sentence.quotes
            assert all(quote.text in talk.heard[quote.segment] for quote in sentence.quotes)
        else:
            assert not sentence.quotes
        numbers = re.search(r", (\d+) (?:was|were|may)", sentence.text)
        if numbers:
            assert int(numbers[1]) == len(sentence.quotes), "each of those that were heard is shown"


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_the_summary_says_nothing_of_the_person(conversation: str) -> None:
    card = scorecard(a_whole_talk(conversation).session)
    told = " ".join(sentence.text for sentence in card.summary)
    assert not TRAITS.findall(told)
    assert "No answer was heard to question 9." in told
    assert "The candidate passed over question 5." in told
    assert "Nothing that was looked for was heard in answer to question 3." in told
    assert "The candidate said that they do not know, or passed, at question 4." in told


def test_an_interview_that_was_refused_says_so_in_the_candidates_words() -> None:
    talk = Talk()
    talk.happens(Start())
    talk.says("no thank you")
    card = scorecard(talk.session)
    assert card.disposition == "refused"
    assert card.consent is not None
    assert (card.consent.words, card.consent.agreed) == ("no thank you", False)
    assert card.summary[0].text == "The candidate did not agree to the interview."
    assert card.summary[0].quotes[0].segment == "call/1"
    assert (card.total.points, card.total.asked) == (0, 0)
    assert card.summary[1].text.endswith("were not asked.")


def test_consent_by_key_is_on_record_and_quotes_nobody() -> None:
    talk = Talk()
    talk.happens(Start())
    talk.presses("1")
    first = scorecard(talk.session).summary[0]
    assert (first.kind, first.text) == ("record", "The candidate agreed to the interview, by key 1.")


def test_an_interview_that_goes_on_has_a_card_as_far_as_it_goes() -> None:
    assert scorecard(Talk().session).disposition == "open"
    talk = Talk().agrees()
    talk.says(talk.best)
    talk.happens(BrokenOff((Words("and then I would", "call/9"),)))
    card = scorecard(talk.session)
    assert [question.state for question in card.questions[:3]] == ["closed", "open", "not-asked"]
    assert [question.points for question in card.questions[:3]] == [9, None, None]
    assert [line.text for line in card.questions[1].unfinished] == ["and then I would"]


def test_a_correction_is_told_and_keeps_what_was_said_first() -> None:
    talk = Talk().agrees()
    best = talk.best
    talk.says(ANSWER)
    talk.says(ANSWER)
    talk.says("I want to correct my last answer")
    talk.says(best)
    question = scorecard(talk.session).questions[0]
    assert [attempt.kind for attempt in question.attempts] == ["first", "hinted", "correction"]
    assert question.corrected
    assert (question.talk_points, question.path) == (4, (Verdict.INCORRECT, Verdict.INCORRECT))
    assert question.attempts[0].lines[0].text == ANSWER


def test_a_persons_newest_word_counts_and_the_history_stays() -> None:
    session = a_whole_talk().session
    later = [overruled(5, 7, 2, "Heard it: half of it."), overruled(5, 9, 0), overruled(2, 4, 1)]
    card = scorecard(session, later)
    assert [question.points for question in card.questions] == [9, 7, 4, 1, 1, 7, 5, 4, 1, 9]
    assert card.questions[5].talk_points == 9
    assert [score.points for score in card.questions[5].overrules] == [9, 7]
    assert (card.talk_total.points, card.total.points) == (sum(POINTS), sum(POINTS) + 1)
    assert card.overruled
    assert not scorecard(session).overruled


def test_the_same_talk_has_the_same_card_also_after_it_was_written_down() -> None:
    session = a_whole_talk().session
    assert scorecard(session, [overruled(2, 4)]) == scorecard(load(dump(session)), [overruled(2, 4)])


def test_a_quote_that_is_not_in_the_answer_proves_nothing() -> None:
    session = a_whole_talk().session
    record = session.records[0]
    (attempt,) = record.attempts
    assert attempt.judgement is not None
    first, *rest = attempt.judgement.points
    for quote in (Quote("I am the best", 0, 0, 13), Quote("x", 7, 0, 1), Quote("", 0, 0, 0), None):
        forged = replace(attempt.judgement, points=(replace(first, quote=quote), *rest))
        records = (replace(record, attempts=(replace(attempt, judgement=forged),)), *session.records[1:])
        point = scorecard(replace(session, records=records)).questions[0].key_points[0]
        assert (point.coverage, point.evidence, point.counts) == (Coverage.MISSED, None, False)


def test_the_question_is_shown_as_it_was_asked() -> None:
    card = scorecard(a_whole_talk().session)
    asked = {question.id: as_asked(question) for question in BANK.items("python")}
    for question in card.questions:
        assert question.text == asked[question.id].text
        assert [point.point for point in question.key_points] == [it.point for it in asked[question.id].key_points]
