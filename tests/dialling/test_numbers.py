from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialling.numbers import NumberRefusedError, checked, guess_zone


@pytest.mark.parametrize("number", ["+14155550123", "+4930123456", "+4915112345678", "+919876543210", " +14155550123 "])
def test_real_numbers_may_be_rung(number: str) -> None:
    assert checked(number) == number.strip()


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+911", "emergency"),
        ("+112", "emergency"),
        ("+1911", "emergency"),
        ("+19005550100", "premium"),
        ("+491805123456", "premium"),
        ("4155550177", "number"),
        ("+1 415 555 0123", "number"),
        ("+1415555", "number"),
        ("+999123456789", "number"),
        ("+4.915112345678E+12", "number"),
        ("+49(0)30123456", "number"),
        ("+１４１５５５５０１２３", "number"),
        ("+14155550123;ext=5", "number"),
        ("+141555501231234567", "number"),
        ("sip:me@example.org", "number"),
        ("", "number"),
        ("+", "number"),
    ],
)
def test_what_is_not_rung_is_refused_by_its_kind_and_not_repeated(number: str, kind: str) -> None:
    with pytest.raises(NumberRefusedError) as refused:
        checked(number)
    assert refused.value.kind == kind
    assert len(number) < 4 or number not in str(refused.value)


@given(st.text(max_size=40))
def test_whatever_is_given_is_a_number_or_refused(text: str) -> None:
    with contextlib.suppress(NumberRefusedError):
        assert checked(text).startswith("+")


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("+14155550123", "America/Los_Angeles"),
        ("+12125550123", "America/New_York"),
        ("+4915112345678", "Europe/Berlin"),
        ("+442079460000", "Europe/London"),
        ("+18005550100", None),
        ("+61491570156", None),
        ("nonsense", None),
    ],
)
def test_the_zone_is_guessed_where_the_number_tells_it(number: str, name: str | None) -> None:
    assert guess_zone(number) == name
