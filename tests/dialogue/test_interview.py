"""The interview flow: the scored interview as a telephone hears it, with what was said but not heard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.dialogue.flow import Beginning, Heard, Line, Message, Plan
from app.dialogue.interview import Interviewer, InterviewState
from app.dialogue.interviewing.life import Life, Phase
from app.dialogue.interviewing.record import Record
from app.dialogue.interviewing.session import Session
from app.dialogue.judging.model import JudgementForm, PointForm
from app.dialogue.judging.points import Verdict
from app.personas.problems import PersonaError
from app.personas.questions import Level
from tests.dialogue.desk import BANK, PERSONAS, Desk

ALEX = PERSONAS["interviewer"]
assert ALEX.interview
MANNER = ALEX.interview
CONDUCT = MANNER.conduct
ANSWER = "well in my last job somebody filled in a spreadsheet every Friday and we all went home"
"""Words that are an answer, and no good one to any question."""
MODEL_ANSWERS = {question.id: question.model_answer for question in BANK.items("general")}


@pytest.fixture
def desk() -> Desk:
    return Desk(ALEX)


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """An interview whose first question is open."""
    desk.says("yes, I agree")
    return desk


def session(desk: Desk) -> Session:
    kept: Session | None = desk.flow.kept(desk.state)
    assert kept is not None
    return kept


def record(desk: Desk, place: int = 0) -> Record:
    return session(desk).records[place]


def cut_off(desk: Desk, plan: Plan, after: str) -> None:
    """The reply of `plan` was interrupted after these words of it."""
    assert plan.text.startswith(after)
    desk.history[-1] = Message("agent", after, interrupted=True)
    if not after:
        desk.history.pop()


def test_the_disclosure_is_said_to_its_end_before_anything_is_asked(desk: Desk) -> None:
    opening = Interviewer(ALEX, BANK).opening(Interviewer(ALEX, BANK).start(Beginning("x")))
    assert opening.greeting == f"{ALEX.greeting} {CONDUCT.disclosure}"
    assert opening.question == CONDUCT.consent
    assert (opening.expects, opening.think_s) == ("yes-no", 8.0)
    assert session(desk).phase is Phase.CONSENT


def test_consent_is_kept_with_its_words_their_line_and_the_moment(desk: Desk) -> None:
    assert not desk.flow.may_be_recorded(desk.state)
    at, line = "2024-05-01T10:00:00+00:00", Line("yes I agree", "call/1", 0.9)
    plan = desk.takes(Heard("yes I agree", confidence=0.9, lines=(line,), at=at))
    consent = session(desk).consent
    assert consent is not None
    assert (consent.agreed, consent.words, consent.segments, consent.at) == (True, "yes I agree", ("call/1",), at)
    assert desk.flow.may_be_recorded(desk.state)
    assert plan.text == f"{CONDUCT.opening} {record(desk).question.text}"
    assert (plan.expects, plan.think_s) == ("thought", record(desk).question.think_s)


@pytest.mark.parametrize(("text", "digits"), [("no I don't agree", ""), ("", "2")])
def test_a_refusal_ends_politely_and_may_not_be_recorded(desk: Desk, text: str, digits: str) -> None:
    plan = desk.takes(Heard(text, digits))
    assert (plan.text, plan.end) == (CONDUCT.refused, True)
    assert not desk.flow.may_be_recorded(desk.state)


def test_a_candidate_may_agree_by_key(desk: Desk) -> None:
    assert desk.says(digits="1").startswith(CONDUCT.opening)
    assert desk.flow.may_be_recorded(desk.state)


def test_questions_about_the_interview_are_answered_before_it_begins_and_consent_asked_again(desk: Desk) -> None:
    assert desk.says("is this call recorded") == f"{desk.answer('recording')} {CONDUCT.consent}"
    assert desk.says("how long will it take").startswith(desk.answer("how-long"))
    assert desk.says("yes").startswith(CONDUCT.opening)


def test_a_question_back_is_answered_and_the_question_asked_again(asked: Desk) -> None:
    before = session(asked)
    assert asked.says("is this call recorded") == (
        f"{asked.answer('recording')} {CONDUCT.back} {record(asked).question.text}"
    )
    assert session(asked).records == before.records, "it was no answer"


def test_a_whole_interview_of_model_answers_has_all_points_and_closes(asked: Desk) -> None:
    plans = []
    for place in range(10):
        assert session(asked).place == place
        plans.append(asked.hears(MODEL_ANSWERS[record(asked, place).question.id]))
    assert [plan.end for plan in plans] == [False] * 9 + [True]
    assert plans[-1].text.endswith(CONDUCT.closing)
    assert [one.points for one in session(asked).records] == [9] * 10
    assert [one.question.level for one in session(asked).records] == (
        [Level.BASIC] * 4 + [Level.MODERATE] * 3 + [Level.ADVANCED] * 3
    )
    assert asked.hears("hello?").end, "after the end it stays ended"


def test_the_acknowledgement_is_said_while_the_judge_thinks_and_not_again_behind_it(asked: Desk) -> None:
    plan = asked.flow.reply(asked.state, Heard(ANSWER), tuple(asked.history))
    assert plan.text in CONDUCT.acknowledgements
    assert plan.opinion is not None
    assert asked.flow.kept(plan.state).records[0].life is Life.ANSWERED
    rest = plan.opinion.go_on(None, "")
    assert rest.text.startswith(CONDUCT.hints[0])
    assert rest.opinion is None


def test_the_models_judge_is_asked_about_the_words_alone_and_its_name_is_kept(asked: Desk) -> None:
    point = record(asked).question.key_points[0]
    plan = asked.flow.reply(asked.state, Heard(ANSWER), tuple(asked.history))
    assert plan.opinion is not None
    assert ANSWER in plan.opinion.request.messages[0].text
    form = JudgementForm(
        points=[PointForm(key_point=point.id, verdict="covered", quote="somebody filled in a spreadsheet")]
    )
    state = plan.opinion.go_on(form, "wise-1").state
    judgement = state.session.records[0].attempts[0].judgement
    assert (judgement.judge, judgement.verdict) == ("model:wise-1", Verdict.PARTIAL)


def test_silence_is_told_to_the_interview(asked: Desk) -> None:
    assert asked.takes(Heard(silent=True)).text == CONDUCT.check
    assert asked.takes(Heard(silent=True)).text.startswith(CONDUCT.unanswered)


def test_words_over_the_acknowledgement_belong_to_the_answer_before(asked: Desk) -> None:
    model_answer = MODEL_ANSWERS[record(asked).question.id]
    plan = asked.hears(model_answer)
    assert session(asked).place == 1
    cut_off(asked, plan, plan.text.split(".")[0] + ".")
    plan = asked.hears("and one thing more that I wanted to say about it")
    attempt = record(asked).attempts[0]
    assert [part.text for part in attempt.said] == [model_answer, "and one thing more that I wanted to say about it"]
    assert plan.text.endswith(record(asked, 1).question.text), "nobody had heard it"
    assert record(asked, 1).attempts == ()


def test_a_reply_of_which_nothing_was_heard_has_asked_nothing(asked: Desk) -> None:
    plan = asked.hears(ANSWER)
    assert record(asked).hints == 1
    cut_off(asked, plan, "")
    asked.hears(MODEL_ANSWERS[record(asked).question.id])
    assert record(asked).hints == 0
    assert record(asked).points == 9, "the hint was not needed, and did not cost anything"


def test_a_question_that_was_heard_is_answered_though_its_end_was_cut_off(asked: Desk) -> None:
    plan = asked.hears(MODEL_ANSWERS[record(asked).question.id])
    cut_off(asked, plan, plan.text[:-8])
    asked.hears(MODEL_ANSWERS[record(asked, 1).question.id])
    assert len(record(asked).attempts[0].said) == 1
    assert record(asked, 1).points == 9


def test_nobody_answers_a_question_after_a_skip_that_they_have_not_heard(asked: Desk) -> None:
    plan = asked.hears("skip this question")
    lead = plan.text.removesuffix(record(asked, 1).question.text).strip()
    cut_off(asked, plan, lead)
    assert asked.says("thank you for that really") == record(asked, 1).question.text
    assert record(asked, 1).attempts == ()


def test_the_judge_is_asked_again_where_a_reply_never_came(asked: Desk) -> None:
    plan = asked.flow.reply(asked.state, Heard(ANSWER), tuple(asked.history))
    asked.state = plan.state  # the acknowledgement sounded, and then the model died with the reply
    assert CONDUCT.hints[0] in asked.takes(Heard(silent=True)).text


def test_what_was_half_said_is_kept_and_taken_up_by_the_next_call(asked: Desk) -> None:
    asked.hears(MODEL_ANSWERS[record(asked).question.id])
    half = Line("well I would start by", "first/7", 0.8)
    flow = asked.flow
    broken = flow.broke_off(asked.state, Heard(half.text, lines=(half,)), tuple(asked.history))
    kept = flow.kept(broken)
    assert kept is not None
    assert kept.phase is Phase.PAUSED
    opening = flow.opening(flow.start(Beginning(asked.seed, kept)))
    assert opening is not None
    question = kept.records[1].question.text
    assert (opening.greeting, opening.question) == (CONDUCT.resumed, f"{CONDUCT.half_said} {question}")
    assert [part.text for part in opening.state.session.records[1].held] == [half.text]
    assert opening.state.session.records[0].points == 9


def test_a_call_that_broke_off_while_the_judge_thought_goes_on_behind_the_answer(asked: Desk) -> None:
    plan = asked.flow.reply(asked.state, Heard(MODEL_ANSWERS[record(asked).question.id]), tuple(asked.history))
    kept = asked.flow.kept(asked.flow.broke_off(plan.state, Heard(), tuple(asked.history)))
    assert kept is not None
    assert kept.records[0].life is Life.ANSWERED
    opening = asked.flow.opening(asked.flow.start(Beginning(asked.seed, kept)))
    assert opening is not None
    assert opening.question.endswith(kept.records[1].question.text)
    assert opening.state.session.records[0].points == 9


def test_a_hang_up_before_the_answer_to_it_is_no_consent(desk: Desk) -> None:
    line = Line("yes", "call/1", 0.9)
    state = desk.flow.broke_off(desk.state, Heard("yes", lines=(line,)), tuple(desk.history))
    assert not desk.flow.may_be_recorded(state)
    opening = desk.flow.opening(desk.flow.start(Beginning(desk.seed, desk.flow.kept(state))))
    assert opening is not None
    assert CONDUCT.disclosure in opening.greeting


def test_an_interview_that_is_over_is_not_opened_again(asked: Desk) -> None:
    asked.says("stop")
    assert asked.hears("yes").end
    flow = asked.flow
    opening = flow.opening(flow.start(Beginning(asked.seed, flow.kept(asked.state))))
    assert opening is not None
    assert flow.reply(opening.state, Heard("hello"), ()).end


def test_keys_do_what_words_do(asked: Desk) -> None:
    first = record(asked).question.text
    assert asked.says(digits="*").endswith(first)
    assert asked.says(digits="3").startswith(CONDUCT.slower)
    assert asked.says(digits="#").endswith(record(asked, 1).question.text)
    assert asked.says(digits="7") == CONDUCT.unknown_key
    assert asked.says(digits="0") == CONDUCT.stop
    assert asked.hears(digits="1").end


def test_who_asks_for_it_is_spoken_to_slowly_from_then_on(asked: Desk) -> None:
    assert not asked.hears("what was the question again").slow
    assert asked.hears("slower please").slow
    assert asked.hears(ANSWER).slow
    flow = asked.flow
    opening = flow.opening(flow.start(Beginning(asked.seed, session(asked))))
    assert opening is not None
    assert opening.slow


def test_a_conversation_always_gets_the_same_questions_and_others_get_others() -> None:
    def ids(seed: str) -> tuple[str, ...]:
        return tuple(one.question.id for one in session(Desk(ALEX, seed)).records)

    assert ids("one") == ids("one")
    assert len({ids(f"call {number}") for number in range(30)}) > 20


def test_the_candidates_name_is_used_where_a_line_has_a_place_for_it() -> None:
    named = CONDUCT.model_copy(update={"opening": "Thank you, {candidate_name}."})
    interview = MANNER.model_copy(update={"conduct": named})
    flow = Interviewer(ALEX.model_copy(update={"interview": interview}), BANK)
    for name, said in (("Ann", "Thank you, Ann."), ("", "Thank you.")):
        state: InterviewState = flow.opening(flow.start(Beginning("x", candidate_name=name))).state
        assert flow.reply(state, Heard("yes"), ()).text.startswith(said)


def test_more_questions_than_there_are_stop_the_start() -> None:
    for changed, said in (
        ({"topic": "cooking"}, "topic 'cooking' has too few questions"),
        ({"counts": {Level.ADVANCED: 99}}, "99 are asked"),
        ({"counts": {}}, "cannot ask 0 questions"),
    ):
        greedy = ALEX.model_copy(update={"interview": MANNER.model_copy(update=changed)})
        with pytest.raises(PersonaError, match=r"interviewer.yaml: interview.counts: .*" + said):
            Interviewer(greedy, BANK)
    with pytest.raises(PersonaError, match=r"interviewer.yaml: interview: is missing"):
        Interviewer(ALEX.model_copy(update={"interview": None}), BANK)


def test_a_state_is_never_changed_by_planning(asked: Desk) -> None:
    before = replace(asked.state)
    for heard in (Heard(ANSWER), Heard(silent=True), Heard(digits="#"), Heard("stop")):
        asked.flow.reply(asked.state, heard, tuple(asked.history))
    assert asked.state == before
