"""Whatever a caller does, a flow has something to say, says the same again, and changes nothing it was given."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialogue.flow import Heard, Message
from tests.dialogue.desk import PERSONAS, Desk

SPOKEN = st.sampled_from(
    ["yes", "no", "um", "bye", "repeat that", "skip", "stop", "wait", "thanks", "that's all", "and on sunday", "is it"]
    + [ask for persona in PERSONAS.values() for entry in persona.knowledge[:9] for ask in entry.ask[:3]]
)
TEXT = st.one_of(st.text(max_size=300), SPOKEN, st.lists(SPOKEN, max_size=6).map(" and ".join))
HEARD = st.one_of(
    st.builds(Heard, text=TEXT, confidence=st.none() | st.floats(0, 1)),
    st.builds(Heard, digits=st.text("0123456789*#", min_size=1, max_size=32)),
)
HISTORY = st.lists(
    st.builds(Message, role=st.sampled_from(["agent", "caller"]), text=TEXT, interrupted=st.booleans()), max_size=4
).map(tuple)


@pytest.mark.parametrize("id_", PERSONAS)
@given(turns=st.lists(st.tuples(HEARD, HISTORY), min_size=1, max_size=12), seed=st.text(max_size=40))
def test_every_turn_has_an_answer_and_always_the_same(
    id_: str, turns: list[tuple[Heard, tuple[Message, ...]]], seed: str
) -> None:
    one, other = Desk(PERSONAS[id_], seed), Desk(PERSONAS[id_], seed)
    assert one.state == other.state
    state = one.state
    for heard, history in turns:
        before = copy.deepcopy(state)
        plan = one.flow.reply(state, heard, history)
        assert plan.text.strip()
        assert state == before, "a reply that is thrown away leaves no trace"
        assert hash(state) == hash(before), "immutable, all through"
        assert plan == other.flow.reply(state, heard, history)
        state = plan.state


@pytest.mark.parametrize("id_", PERSONAS)
def test_an_endless_speech_is_answered_at_once(id_: str) -> None:
    desk = Desk(PERSONAS[id_])
    for text in ("blah " * 200_000, "a" * 1_000_000, "\U0001f600" * 10_000, "’'-" * 50_000, "\ud800"):
        assert desk.says(text).strip()
