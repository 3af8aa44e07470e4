"""What a candidate may want of the interview itself, by voice and by key."""

from __future__ import annotations

import pytest

from app.dialogue.interviewing import controls
from app.dialogue.interviewing.life import Life, Phase
from app.dialogue.interviewing.saying import in_short
from app.dialogue.judging.points import Verdict
from app.dialogue.wording import words
from app.personas.conduct import Conduct
from tests.dialogue.desk import BANK
from tests.dialogue.interviewing.candidate import ANSWER, MODEL_ANSWERS, Interview

RIGHT, PARTLY, WRONG, UNKNOWN = Verdict
CONDUCT = Conduct()
MEANT = {
    "repeat": ["repeat that please", "could you say the question again", "pardon", "what was the question", "sorry?"],
    "slower": ["slower please", "can you speak more slowly", "you are speaking too fast", "could you say that slowly"],
    "skip": ["skip this one", "next question please", "can we move on", "pass"],
    "more-time": ["I need more time", "give me a moment", "let me think about that", "can I have more time please"],
    "correct": [
        "I want to correct my last answer", "can I change my previous answer please", "go back to the last question",
        "let me correct myself", "I'd like to add something to my answer",
    ],
    "stop": ["stop", "I want to stop here", "goodbye", "let us stop the interview", "I have to go now"],
}  # fmt: skip
ANSWERS = [
    "you skip the cache and ask the database again",
    "the loop would stop once the list is empty",
    "I would wait for the promise and then go on to the next one",
    "I repeat the test a hundred times, slower machines fail more often",
    "I said goodbye to the old framework and wrote my own",
    "a function can change its answer when the state changes",
    "first you correct the input and then you answer the request with a status",
]


@pytest.fixture
def interview() -> Interview:
    return Interview().begins()


@pytest.mark.parametrize(("control", "text"), [(name, text) for name, texts in MEANT.items() for text in texts])
def test_what_they_say_is_what_they_want(control: str, text: str) -> None:
    assert controls.of_words(words(text)) == control


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_may_hold_all_of_these_words(text: str) -> None:
    assert controls.of_words(words(text)) is None


def test_no_model_answer_and_no_longer_part_of_one_is_taken_for_a_control() -> None:
    texts = [text for topic in BANK.topics for text in BANK.answers(topic) if len(text.split()) > 4]
    assert len(texts) > 200
    assert not {text: control for text in texts if (control := controls.of_words(words(text)))}


def test_repeat_says_the_question_again_and_costs_nothing(interview: Interview) -> None:
    question = interview.record.question.text
    for said in (interview.says("could you repeat the question"), interview.presses("*")):
        assert said == f"{CONDUCT.again} {question}"
    interview.answers(RIGHT)
    assert interview.points()[0] == 9


def test_after_a_hint_repeat_says_the_hint_and_the_question(interview: Interview) -> None:
    question = interview.record.question
    interview.answers(PARTLY)
    assert interview.says("say that again") == f"{CONDUCT.again} {question.hint} {question.text}"


def test_slower_says_it_in_shorter_sentences_and_asks_the_voice_for_patience(interview: Interview) -> None:
    question = interview.record.question.text
    said = interview.says("can you speak more slowly please")
    assert said == f"{CONDUCT.slower} {in_short(question)}"
    assert interview.step.slow
    interview.answers(RIGHT)
    assert interview.step.slow, "for the rest of the interview"


def test_shorter_sentences_keep_every_word_in_its_order() -> None:
    for topic in BANK.topics:
        for text in BANK.questions(topic):
            short = in_short(text)
            assert words(short) == words(text)
            assert short[-1] == text[-1]
    assert in_short("When a request comes in, which checks come first, and why do they?") == (
        "When a request comes in. Which checks come first. And why do they?"
    )


def test_skip_goes_on_without_a_judge(interview: Interview) -> None:
    interview.says("skip this one")
    record = interview.session.records[0]
    assert (record.life, record.left, record.points) == (Life.CLOSED, "skipped", 1)
    assert interview.kinds() == ["acknowledgement", "question"]


def test_who_skips_after_the_hint_keeps_what_the_answer_was_worth(interview: Interview) -> None:
    interview.answers(PARTLY)
    interview.presses("#")
    interview.answers(WRONG)
    interview.says("next question")
    assert interview.points()[:2] == [5, 1]


def test_more_time_is_twice_the_time_and_no_hurry(interview: Interview) -> None:
    think_s = interview.record.question.think_s
    for factor, key in ((2, ""), (4, "4")):
        said = interview.presses(key) if key else interview.says("I need more time")
        assert said in CONDUCT.take_time
        assert interview.step.expected
        assert interview.step.expected.think_s == factor * think_s


def test_more_time_has_an_end(interview: Interview) -> None:
    for _ in range(50):
        interview.presses("4")
    assert interview.step.expected
    assert interview.step.expected.think_s == 120


def test_one_gentle_check_and_then_the_question_is_left(interview: Interview) -> None:
    assert interview.is_silent() == CONDUCT.check
    assert interview.is_silent().startswith(CONDUCT.unanswered)
    assert interview.session.records[0].left == "silence"
    assert interview.session.place == 1


def test_who_is_gone_for_two_questions_finds_the_second_still_open(interview: Interview) -> None:
    for _ in range(3):
        interview.is_silent()
    assert interview.is_silent() == CONDUCT.silence
    assert (interview.session.phase, interview.session.over) == (Phase.PAUSED, "")
    assert interview.record.life is Life.ASKED
    assert interview.returns().endswith(interview.record.question.text)
    assert interview.is_silent() == CONDUCT.check, "a new call, a new check"


def test_a_word_between_two_silences_tells_that_somebody_is_there(interview: Interview) -> None:
    interview.is_silent()
    interview.is_silent()
    interview.says("um")
    interview.is_silent()
    interview.is_silent()
    assert interview.session.phase is Phase.ASKING
    assert interview.session.place == 2


def test_the_check_comes_once_more_after_the_hint_which_is_another_thought(interview: Interview) -> None:
    interview.is_silent()
    interview.answers(PARTLY)
    assert interview.is_silent() == CONDUCT.check
    interview.is_silent()
    assert interview.points()[0] == 5


def test_a_correction_reopens_the_last_answer_and_then_goes_back(interview: Interview) -> None:
    first = interview.record.question
    interview.answers(WRONG, WRONG)
    second = interview.record.question
    assert interview.says("I want to correct my last answer") == f"{CONDUCT.correct} {first.text}"
    said = interview.says(ANSWER, RIGHT)
    assert said.endswith(f"{CONDUCT.back} {second.text}")
    assert interview.points()[:2] == [4, None], "after a hint a right answer is worth four"
    assert [attempt.kind for attempt in interview.session.records[0].attempts] == ["first", "hinted", "correction"]
    assert interview.record.question == second
    assert second.id not in {record.question.id for record in interview.session.records[:1]}


def test_a_correction_in_the_same_breath_is_judged_at_once(interview: Interview) -> None:
    first = interview.record.question.id
    interview.says("I don't know")
    assert interview.points()[0] == 1
    interview.says(f"Can I correct my last answer? {MODEL_ANSWERS[first]}")
    assert interview.points()[0] == 9
    assert interview.session.records[0].verdicts == (UNKNOWN,), "what was said first is kept"


def test_a_correction_never_costs_anything(interview: Interview) -> None:
    for answered, corrected, points in ((RIGHT, WRONG, 9), (RIGHT, UNKNOWN, 9), (UNKNOWN, PARTLY, 5)):
        place = interview.session.place
        interview.answers(answered)
        interview.presses("5")
        interview.answers(corrected)
        assert interview.points()[place] == points


def test_a_skipped_question_may_be_answered_after_all(interview: Interview) -> None:
    interview.says("skip")
    interview.says("go back to the last question")
    interview.answers(RIGHT)
    assert interview.points()[0] == 9
    assert interview.session.records[0].left == ""


def test_an_answer_is_corrected_once(interview: Interview) -> None:
    interview.answers(RIGHT)
    interview.presses("5")
    interview.presses("#")
    question = interview.record.question.text
    assert (interview.points()[0], interview.session.records[0].left) == (9, ""), "it was the correction that was left"
    assert interview.presses("5") == f"{CONDUCT.corrected_before} {question}"


def test_there_is_nothing_to_correct_before_the_first_answer(interview: Interview) -> None:
    question = interview.record.question.text
    assert interview.presses("5") == f"{CONDUCT.nothing_to_correct} {question}"


def test_after_a_hint_the_last_answer_is_the_one_the_hint_was_for(interview: Interview) -> None:
    interview.answers(PARTLY)
    interview.says("I want to correct my last answer")
    assert interview.session.correcting is None
    interview.answers(RIGHT)
    assert interview.points()[0] == 7


def test_a_correction_that_nobody_gives_is_left_and_the_open_question_comes_back(interview: Interview) -> None:
    interview.answers(PARTLY, PARTLY)
    second = interview.record.question
    interview.presses("5")
    interview.is_silent()
    assert interview.is_silent().endswith(f"{CONDUCT.back} {second.text}")
    assert interview.points()[0] == 5


def test_stopping_is_asked_about_and_only_a_yes_stops(interview: Interview) -> None:
    question = interview.record.question.text
    assert interview.says("I want to stop") == CONDUCT.stop
    assert interview.step.expected
    assert interview.step.expected.kind == "quick"
    assert interview.says("no, let us go on") == f"{CONDUCT.going_on} {question}"
    interview.presses("0")
    assert interview.says("the weather is nice in spring") == CONDUCT.stop
    assert interview.says("the weather is nice in spring") == f"{CONDUCT.going_on} {question}"
    interview.presses("0")
    interview.presses("1")
    assert interview.session.over == "stopped"


@pytest.mark.parametrize(
    ("text", "ends"),
    [("yes", True), ("yes please stop", True), ("stop", True), ("goodbye", True), ("no", False), ("continue", False),
     ("no don't stop", False), ("not yet", False), ("go on please", False), ("no, stop", True), ("purple", None)],
)  # fmt: skip
def test_to_stop_or_to_go_on(text: str, ends: bool | None) -> None:
    assert controls.wants_to_end(words(text)) is ends


def test_who_says_nothing_when_asked_to_stop_finds_everything_as_it_was(interview: Interview) -> None:
    interview.says("goodbye")
    assert interview.is_silent() == CONDUCT.stop
    interview.is_silent()
    assert interview.session.phase is Phase.PAUSED
    assert interview.returns().endswith(interview.record.question.text)


def test_who_stops_in_the_midst_of_a_correction_leaves_nothing_open(interview: Interview) -> None:
    interview.answers(PARTLY, PARTLY)
    interview.presses("5")
    interview.presses("0")
    interview.presses("1")
    assert [record.life for record in interview.session.records[:3]] == [Life.CLOSED, Life.CLOSED, Life.WAITING]
    assert interview.points()[:3] == [5, 1, None]


def test_the_controls_used_are_kept(interview: Interview) -> None:
    interview.presses("*")
    interview.says("I need more time", at="12:30")
    question = interview.record.question.id
    assert [(used.control, used.question, used.words, used.at) for used in interview.session.controls] == [
        ("repeat", question, "*", ""),
        ("more-time", question, "I need more time", "12:30"),
    ]


def test_a_key_without_a_meaning_says_so_and_of_several_the_last_counts(interview: Interview) -> None:
    assert interview.presses("8") == CONDUCT.unknown_key
    assert interview.presses("1") == CONDUCT.unknown_key, "nobody asked for a yes"
    assert interview.presses("8*8").startswith(CONDUCT.again)
