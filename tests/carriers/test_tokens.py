"""A stream's token vouches for one call, for a minute, and cannot be made by anyone else."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.carriers.tokens import StreamToken, StreamTokens, TokenError

TOKENS = StreamTokens("secret")
NOW = 1_800_000_000.5


def kind(token: str, now: float = NOW, tokens: StreamTokens = TOKENS) -> str:
    with pytest.raises(TokenError) as caught:
        tokens.read(token, now)
    assert len(token) < 5 or token not in str(caught.value), "a token is a secret"
    return caught.value.kind


def test_a_token_brings_back_its_call() -> None:
    token = TOKENS.mint("call-1", "CA1", NOW)
    assert TOKENS.read(token, NOW + 29) == StreamToken("call-1", "CA1", 1_800_000_030)
    assert len(TOKENS.mint("f" * 36, "CA" + "0" * 32, NOW)) < 200


def test_it_expires() -> None:
    assert kind(TOKENS.mint("call-1", "CA1", NOW), NOW + 30) == "expired"


def test_it_cannot_be_forged() -> None:
    token = TOKENS.mint("call-1", "CA1", NOW)
    assert kind(token, tokens=StreamTokens("other")) == "forged"
    payload, _, signature = token.rpartition(".")
    other = TOKENS.mint("call-2", "CA1", NOW).rpartition(".")[0]
    assert kind(f"{other}.{signature}") == "forged"
    assert kind(f"{payload}.{signature[:-2]}AA") == "forged"


@pytest.mark.parametrize("token", ["", "abc", ".", "a b.c", "é.é", "x" * 600 + ".y", "a.b\n"])
def test_nonsense_is_malformed(token: str) -> None:
    assert kind(token) == "malformed"


def test_something_else_signed_with_the_same_key_opens_nothing() -> None:
    assert kind(TOKENS._serializer().dumps({"call": 1})) == "malformed"


@given(st.text(max_size=60))
def test_no_text_opens_anything(text: str) -> None:
    with pytest.raises(TokenError):
        TOKENS.read(text, NOW)


def test_what_cannot_fit_is_refused_at_the_making() -> None:
    with pytest.raises(ValueError, match="too long"):
        TOKENS.mint(hashlib.shake_256(b"no room").hexdigest(400), "CA1", NOW)


def test_the_secret_does_not_show() -> None:
    assert "secret'" not in repr(StreamTokens("secret"))
