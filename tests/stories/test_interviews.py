"""Interviews by telephone, told from the first word to the last: what is said, heard, kept, and worth."""

from __future__ import annotations

import pytest

from app.call import actions as act
from app.dialogue.flow import Opinion
from app.dialogue.interviewing.life import Phase
from app.dialogue.interviewing.score import total
from app.dialogue.judging.model import JudgementForm, PointForm
from tests.stories.interviewed import ALEX, InterviewCall

assert ALEX.interview
CONDUCT = ALEX.interview.conduct
POOR = "well somebody filled in a spreadsheet every Friday and then we all went home"


def agreed() -> InterviewCall:
    """The first question is open."""
    call = InterviewCall()
    call.candidate("yes I agree", lasts=1.0)
    return call


def questions(call: InterviewCall) -> list[str]:
    """The texts of its questions that the agent said, in order."""
    texts = {record.question.text for record in call.session.records}
    said = " ".join(call.agent.said)
    return sorted((text for text in texts for _ in range(said.count(text))), key=said.index)


def check_quotes(calls: list[InterviewCall]) -> int:
    """Every quote is in the transcript, to the letter and at its time; how many there are."""
    by_call = {str(call.call_id): call for call in calls}
    attempts = [attempt for record in calls[-1].session.records for attempt in record.attempts]
    quotes = [point.quote for attempt in attempts if attempt.judgement for point in attempt.judgement.points]
    for quote in filter(None, quotes):
        assert by_call[quote.segment.split("/")[0]].quoted(quote) == quote.text
    return len(list(filter(None, quotes)))


def test_a_whole_interview_of_ten_questions_with_hints_where_due_and_the_right_total() -> None:
    call = agreed()
    for place in range(10):
        assert call.session.place == place
        if place in (1, 5):
            said = call.candidate(POOR)
            assert call.record.question.hint in said
        elif place == 2:
            call.candidate("I don't know", lasts=1.0)
            continue
        call.candidate(call.model_answer(), lasts=8.0)
    assert call.end_reason == "completed"
    assert call.agent.heard[-1].endswith(CONDUCT.closing), "the goodbye was heard"
    call.over()
    assert [record.points for record in call.session.records] == [9, 4, 1, 9, 9, 4, 9, 9, 9, 9]
    assert (total(call.session).points, total(call.session).most) == (72, 90)
    assert [record.hints for record in call.session.records] == [0, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    assert len(questions(call)) == len(set(questions(call))) == 10
    assert check_quotes([call]) > 20
    assert call.session.over == "complete"


def test_the_same_calls_are_worth_the_same_again() -> None:
    calls = [agreed(), agreed()]
    for call in calls:
        for _ in range(3):
            call.candidate(call.model_answer(), lasts=8.0)
        call.line_drops()
    assert calls[0].session == calls[1].session


def test_the_disclosure_is_heard_by_its_mark_before_anything_is_asked() -> None:
    call = InterviewCall()
    call.line.returns_marks = False
    call.caller.says("stop, I want to say something", at=1.0, lasts=2.0)
    call.play(until=call.line.free_at or 3.0)
    call.play(until=call.line.free_at - 0.1)
    assert [line.kind for line in call.agent.of("agent")] == ["greeting"]
    call.line.returns_marks = True
    call.listens()
    greeting, question = call.agent.of("agent")
    assert greeting.heard_text == f"{ALEX.greeting} {CONDUCT.disclosure}"
    assert not greeting.interrupted
    assert (question.heard_text, question.kind) == (CONDUCT.consent, "question")
    assert question.started_ms >= greeting.ended_ms
    assert call.session.consent is None, "what was said under it was no answer to it"
    assert not call.records_on


def test_a_disclosure_that_no_voice_could_speak_is_said_again_and_then_the_call_ends() -> None:
    call = InterviewCall()
    call.fails.add("speak")
    call.play(until=60)
    assert call.ended
    assert len(call.notes("opening-unheard")) == 2
    assert call.end_reason == "fault"
    assert not call.records_on
    assert "question" not in {line.kind for line in call.agent.of("agent")}


def test_an_answer_by_key_is_consent_and_the_recording_begins() -> None:
    call = InterviewCall()
    call.listens()
    assert not call.records_on
    call.presses("1")
    assert call.records_on
    consent = call.session.consent
    assert consent is not None
    assert (consent.agreed, consent.how, consent.words) == (True, "key", "1")
    assert consent.at.startswith("2024-05-01T00:00:")
    assert call.session.place == 0


@pytest.mark.parametrize("said", ["no I do not agree", "2"])
def test_a_refusal_ends_politely_and_nothing_of_it_is_on_disk(said: str) -> None:
    call = InterviewCall()
    call.listens()
    if said.isdigit():
        call.presses(said)
    else:
        call.candidate(said)
    assert call.agent.heard[-1] == CONDUCT.refused
    assert call.end_reason == "completed"
    call.over()
    assert not call.records_on
    assert call.session.over == "refused"


def test_who_hangs_up_before_they_agreed_has_not() -> None:
    call = InterviewCall()
    call.play(until=3.0)
    call.line_drops()
    assert not call.records_on
    assert call.session.phase is Phase.PAUSED
    again = call.again()
    again.listens()
    assert CONDUCT.disclosure in again.agent.heard[0]


def test_who_says_nothing_is_asked_three_times_and_then_not_interviewed() -> None:
    call = InterviewCall()
    call.listens()
    call.is_silent(60)
    assert call.ended
    assert call.agent.heard[-1] == CONDUCT.not_agreed
    assert call.over().session.over == "not-agreed"


def test_think_time_is_the_questions_own_with_one_gentle_check() -> None:
    call = agreed()
    asked_at = call.now
    think_s = call.record.question.think_s
    call.is_silent(think_s - 0.5)
    assert call.notes("silence") == []
    call.is_silent(1.0)
    call.listens()
    assert call.agent.heard[-1] == CONDUCT.check
    assert call.now - asked_at > think_s
    call.candidate(call.model_answer(), lasts=8.0)
    assert call.session.place == 1
    assert call.session.records[0].points == 9, "who was checked upon loses nothing"


def test_a_candidate_who_is_gone_is_waited_for_by_the_next_call() -> None:
    call = agreed()
    call.is_silent(120)
    assert call.ended
    assert call.agent.heard[-1] == CONDUCT.silence
    call.over()
    again = call.again()
    again.listens()
    assert again.agent.heard[0] == CONDUCT.resumed


def test_dropped_in_mid_answer_and_rung_again_nothing_is_asked_twice_and_nothing_is_lost() -> None:
    first = agreed()
    first.candidate(first.model_answer(), lasts=8.0)
    open_question = first.record.question
    half, rest = first.model_answer()[:80].rsplit(" ", 1)[0], first.model_answer()
    first.listens()
    first.caller.says(half, at=first.now + 1.0, lasts=4.0)
    first.play(until=first.now + 4.8)
    first.line_drops()
    assert [part.text for part in first.record.held] == [half]

    second = first.again()
    second.listens()
    assert second.agent.heard[0] == CONDUCT.resumed
    assert second.agent.heard[1] == f"{CONDUCT.half_said} {open_question.text}"
    assert second.records_on, "they had agreed"
    second.candidate(rest, lasts=8.0)
    assert [part.text for part in second.session.records[1].attempts[0].said] == [half, rest]
    assert second.session.records[1].points == 9
    while not second.ended:
        second.candidate(second.model_answer(), lasts=8.0)
    second.over()
    asked = questions(first) + questions(second)
    assert len(asked) == 11, "ten questions, and the open one once more"
    assert total(second.session).points == 90
    check_quotes([first, second])


def test_killed_between_questions_it_goes_on_from_what_was_stored() -> None:
    first = agreed()
    for _ in range(3):
        first.candidate(first.model_answer(), lasts=8.0)
    first.listens()
    second = first.again(killed=True)
    second.listens()
    assert second.agent.heard[1] == first.record.question.text
    while not second.ended:
        second.candidate(second.model_answer(), lasts=8.0)
    assert total(second.session).points == 90
    check_quotes([first, second])


def test_killed_while_the_next_question_is_said_it_is_said_again_and_no_answer_is_lost() -> None:
    first = agreed()
    answer = first.model_answer()
    first.caller.says(answer, at=first.now + 1.0, lasts=8.0)
    while first.session.place == 0:
        first.play(until=first.now + 0.02)
    second = first.again(killed=True)
    second.listens()
    assert second.session.records[0].points == 9
    assert second.agent.heard[1] == second.record.question.text


def test_words_over_the_acknowledgement_are_part_of_the_answer() -> None:
    call = agreed()
    call.actor.ms_per_char = 60
    answer, more = call.model_answer(), "and there is another thing that I should say about that"
    call.caller.says(answer, at=call.now + 1.0, lasts=8.0)
    while not call.agent.of("agent")[-1].turn or call.session.place == 0:
        call.play(until=call.now + 0.02)
    call.caller.says(more, at=call.now + 0.2, lasts=3.0)
    call.play(until=call.now + 4.0)
    call.listens()
    assert [part.text for part in call.session.records[0].attempts[0].said] == [answer, more]
    assert call.session.place == 1
    assert call.session.records[1].attempts == ()
    check_quotes([call])


def test_controls_work_by_voice_and_by_key() -> None:
    call = agreed()
    first = call.record.question.text
    assert first in call.candidate("could you repeat the question please", lasts=1.5)
    call.presses("*")
    assert call.agent.heard[-1].endswith(first)
    assert CONDUCT.slower in call.candidate("more slowly please", lasts=1.0)
    assert call.talk.slow
    call.presses("#")
    assert call.session.place == 1
    call.candidate(POOR)
    call.candidate("let me correct my last answer", lasts=1.5)
    call.presses("0")
    assert call.agent.heard[-1] == CONDUCT.stop
    call.candidate("yes please", lasts=0.8)
    assert call.over().session.over == "stopped"


def test_the_models_judge_is_asked_about_each_answer_once_and_the_interview_goes_on_without_it() -> None:
    asked: list[str] = []

    def judge(opinion: Opinion) -> object:
        said = opinion.request.messages[0].text.splitlines()[1]
        asked.append(said)
        if len(asked) > 2:
            raise OSError("every vendor is dead")
        quote = " ".join(said.split()[:4])
        ids = [line[2:].split(":")[0] for line in opinion.request.instructions.splitlines() if line.startswith("- ")]
        return JudgementForm(points=[PointForm(key_point=id_, verdict="covered", quote=quote) for id_ in ids])

    call = InterviewCall(judge=judge)
    call.candidate("yes I agree", lasts=1.0)
    while not call.ended:
        call.candidate(call.model_answer(), lasts=8.0)
    call.over()
    assert len(set(asked)) == 10
    judges = [record.attempts[0].judgement.judge for record in call.session.records if record.attempts[0].judgement]
    assert judges == ["model:stand-in"] * 2 + ["offline"] * 8
    assert call.session.over == "complete"
    assert all(record.points for record in call.session.records)
    check_quotes([call])


def test_what_was_answered_at_the_moment_of_hanging_up_is_kept() -> None:
    call = agreed()
    answer = call.model_answer()
    call.caller.says(answer, at=call.now + 1.0, lasts=8.0)
    while not any(isinstance(action, act.Ask) for _, action in call.done[-5:]):
        call.play(until=call.now + 0.02)
    call.line_drops()
    held = [part.text for part in call.record.held] or [p.text for a in call.record.attempts for p in a.said]
    assert held == [answer]
