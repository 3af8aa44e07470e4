"""When the caller has finished, and what is prepared meanwhile."""

from __future__ import annotations

from app.call import actions as act
from app.call import events as ev
from tests.stories.stage import GREETING, Story, persona

EAGER = {"think_ahead": True, "silence_ms": 1300}


def told(**replies: str) -> Story:
    """Vendors that take 600 ms together, a patient persona that prepares its answers."""
    return Story(persona(patience=EAGER), replies=replies, stt_s=0.2, llm_s=0.25, tts_s=0.15)


def asks(story: Story) -> list[act.Ask]:
    return [action for action in story.actions(act.Ask) if isinstance(action, act.Ask)]


def first_sound_after(story: Story, at: float) -> float:
    return next(begin for begin, _ in story.line.played if begin >= at) - at


def test_a_whole_question_is_answered_as_soon_as_the_vendors_can() -> None:
    story = told()
    story.caller.says("when do you open tomorrow", at=3.0, lasts=1.0)
    story.run(until=8)
    assert first_sound_after(story, 4.0) < 0.9
    assert [ask.early for ask in asks(story)] == [True]
    assert len(story.actions(act.Transcribe)) == 1


def test_what_was_prepared_in_a_pause_is_thrown_away_when_the_caller_goes_on() -> None:
    story = told()
    story.caller.says("we had a slow query", at=3.0, lasts=1.2)
    story.caller.says("which was mended", at=5.2, lasts=1.0)
    story.run(until=12)
    assert story.agent.heard[1:] == ["You said we had a slow query which was mended."]
    assert [line.text for line in story.agent.of("caller")] == ["we had a slow query which was mended"]
    thrown = asks(story)[0]
    assert any(isinstance(a, act.DropTurn) and a.turn == thrown.turn for a in story.actions(act.DropTurn))
    assert thrown.turn not in [a.turn for a in story.actions(act.CommitTurn) if isinstance(a, act.CommitTurn)]


def test_nothing_is_asked_early_after_words_that_need_more() -> None:
    story = told()
    story.caller.says("I learned it because", at=3.0, lasts=1.2)
    story.caller.says("nobody knew it", at=5.6, lasts=1.0)
    story.run(until=12)
    assert [line.text for line in story.agent.of("caller")] == ["I learned it because nobody knew it"]
    assert all(ask.text.endswith("knew it") for ask in asks(story))
    (kept,) = story.notes("pause-kept")
    assert kept["why"] == "needs-more"


def test_a_persona_may_be_told_not_to_think_ahead() -> None:
    story = Story(persona(patience={"think_ahead": False}))
    story.caller.says("when do you open tomorrow", at=3.0, lasts=1.0)
    story.run(until=8)
    assert [ask.early for ask in asks(story)] == [False]
    assert not story.notes("speculation")


def test_what_fails_early_is_done_again_and_nobody_hears_of_it() -> None:
    for stage in ("transcribe", "reply", "speak"):
        story = told()
        story.caller.says("the tables were full", at=3.0, lasts=1.0)
        story.run(until=3.5)
        story.fails.add(stage)
        story.run(until=5.2)
        story.fails.clear()
        story.run(until=12)
        assert story.agent.heard == [GREETING, "You said the tables were full."]
        assert not story.notes("provider-failed")


def test_an_early_reply_that_breaks_off_is_asked_for_again() -> None:
    story = told()
    story.silent_dialogue = True
    story.caller.says("the tables were full", at=3.0, lasts=1.0)
    story.run(until=4.6)
    (early,) = asks(story)
    story.silent_dialogue = False
    story.at(4.7, ev.ReplyBroken(early.turn, "The flow's own words."))
    story.run(until=12)
    assert story.agent.heard == [GREETING, "You said the tables were full."]
    assert not story.notes("reply-broken")


def test_who_asks_for_time_is_asked_again_later_than_others() -> None:
    def asked_again_s(words: str) -> float:
        story = Story(persona(patience=EAGER | {"reprompt_after_s": 4}), replies={words: "Take your time."})
        story.caller.says(words, at=3.0, lasts=1.0)
        story.run(until=30)
        return next(at for at, a in story.done if isinstance(a, act.Note) and a.kind == "reprompt")

    assert asked_again_s("let me think") > asked_again_s("nothing of the kind") + 3.5


def test_a_call_that_ends_in_a_pause_keeps_what_was_said_and_answers_it_no_more() -> None:
    story = told()
    story.caller.says("the tables were full", at=3.0, lasts=1.0)
    story.hangs_up(at=4.55)
    story.run(until=8)
    assert [line.text for line in story.agent.of("caller")] == ["the tables were full"]
    assert story.agent.heard == [GREETING]


def test_how_much_was_prepared_and_used_is_told_at_the_end() -> None:
    story = told()
    story.caller.says("we had a slow query", at=3.0, lasts=1.2)
    story.caller.says("which was mended", at=5.2, lasts=1.0)
    story.hangs_up(at=11.0)
    story.run(until=12)
    (tally,) = story.notes("speculation")
    assert (tally["replies"], tally["replies_used"], tally["words_used"]) == (2, 1, 1)


def judged(complete: int, after_s: float = 0.05) -> Story:
    """A caller who says something that may be all, at 3 to 4.2 s, and a network that judges every pause."""
    told = told_by_network(complete, after_s)
    told.caller.says("we had a slow query", at=3.0, lasts=1.2)
    told.run(until=10)
    return told


def told_by_network(complete: int, after_s: float) -> Story:
    story = told()
    asked = set()

    def judge() -> None:
        for action in story.actions(act.Transcribe):
            if isinstance(action, act.Transcribe) and action.early and action.turn not in asked:
                asked.add(action.turn)
                story.at(story.now + after_s, ev.PauseJudged(action.turn, complete))

    perform = story._do

    def do(actions: list[act.Action]) -> None:
        perform(actions)
        judge()

    story._do = do  # type: ignore[method-assign]
    return story


def test_a_network_that_hears_an_end_shortens_the_wait_and_one_that_hears_more_to_come_lengthens_it() -> None:
    alone, end, more = told(), judged(96), judged(3)
    alone.caller.says("we had a slow query", at=3.0, lasts=1.2)
    alone.run(until=10)
    assert first_sound_after(end, 4.2) < 1.0 < first_sound_after(alone, 4.2) < first_sound_after(more, 4.2)
    (why,) = end.notes("turn-ended")
    assert "model-end" in str(why["why"]).split()
    assert why["model"] == 96
    (why,) = more.notes("turn-ended")
    assert "model-more" in str(why["why"]).split()


def test_a_judgement_that_comes_when_the_caller_speaks_again_counts_no_more() -> None:
    late = told_by_network(96, after_s=0.9)
    late.caller.says("we had a slow query", at=3.0, lasts=1.2)
    late.caller.says("which was mended", at=5.0, lasts=1.0)
    late.run(until=6.3)
    assert not late.notes("turn-ended")
    assert [line.text for line in late.agent.of("caller")] == []


def test_a_network_is_not_believed_against_words_that_need_more() -> None:
    story = told_by_network(99, after_s=0.05)
    story.caller.says("I learned it because", at=3.0, lasts=1.2)
    story.caller.says("nobody knew it", at=5.6, lasts=1.0)
    story.run(until=12)
    assert [line.text for line in story.agent.of("caller")] == ["I learned it because nobody knew it"]


def test_words_that_nobody_can_have_said_in_that_time_are_not_gone_by() -> None:
    story = told()
    story.caller.says("could you tell me how long it takes to get from here to the station", at=3.0, lasts=0.9)
    story.run(until=8)
    (why,) = story.notes("turn-ended")
    assert "not-these-words" in str(why["why"]).split()
    slow = told()
    slow.caller.says("could you tell me how long it takes to get from here to the station", at=3.0, lasts=2.6)
    slow.run(until=8)
    (why,) = slow.notes("turn-ended")
    assert why["why"] == "question"


def test_a_recogniser_that_says_the_same_again_after_more_speech_is_not_believed() -> None:
    story = told()
    for at in (3.0, 4.8):
        story.caller.says("we had a slow query", at=at, lasts=1.2)
    story.caller.words_in = lambda *_: "we had a slow query"  # type: ignore[method-assign]
    story.run(until=10)
    (why,) = story.notes("turn-ended")
    assert "not-these-words" in str(why["why"]).split()
