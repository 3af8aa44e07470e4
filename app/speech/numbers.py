"""Whole numbers as English words, the way callers say them."""

from __future__ import annotations

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_LARGEST = 9_999


def in_words(digits: str) -> str:
    """`"42"` → `forty two`. Above 9999, and with a zero in front, digit by digit, as telephone numbers are said."""
    number = int(digits)
    if number > _LARGEST or (len(digits) > 1 and digits[0] == "0"):
        return " ".join(_ONES[int(digit)] for digit in digits)
    thousands, below_thousand = divmod(number, 1000)
    hundreds, rest = divmod(below_thousand, 100)
    said = [f"{_ONES[thousands]} thousand"] if thousands else []
    said += [f"{_ONES[hundreds]} hundred"] if hundreds else []
    if rest or not said:
        said.append(_below_hundred(rest))
    return " ".join(said)


def _below_hundred(number: int) -> str:
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]} {_ONES[ones]}" if ones else _TENS[tens]
