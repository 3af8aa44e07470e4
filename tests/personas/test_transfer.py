"""When a person may be rung, and what a file may say of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.personas.loader import load_persona
from app.personas.problems import PersonaError
from app.personas.transfer import Transfer

NUMBER = "+442079460000"
MINIMAL = """\
id: desk
name: Di
flow: assistant
metadata: {source_template_id: test}
greeting: Hello.
"""


def written(folder: Path, more: str) -> Path:
    file = folder / "desk.yaml"
    file.write_text(MINIMAL + more)
    return file


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2026-06-08T08:30:00+00:00", True),  # Monday, half past nine in London's summer
        ("2026-06-08T07:59:00+00:00", False),
        ("2026-06-08T16:30:00+00:00", False),
        ("2026-06-13T10:00:00+00:00", False),  # Saturday
        ("2026-01-05T09:00:00+00:00", True),  # winter
        ("2026-01-05T08:30:00+00:00", False),
    ],
)
def test_hours_are_on_the_clocks_of_the_persons_zone(at: str, open_: bool) -> None:
    person = Transfer(number=NUMBER, hours=("mon-fri 09:00-17:30",), time_zone="Europe/London")
    assert person.takes_calls(at) is open_


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2026-06-12T23:00:00+00:00", True),  # Friday night
        ("2026-06-13T01:59:00+00:00", True),  # its small hours, on Saturday
        ("2026-06-13T02:00:00+00:00", False),
        ("2026-06-12T01:00:00+00:00", False),  # Thursday's night
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(at: str, open_: bool) -> None:
    assert Transfer(number=NUMBER, hours=("fri 22:00-02:00",)).takes_calls(at) is open_


def test_a_week_may_begin_anywhere_and_no_hours_are_always() -> None:
    weekend = Transfer(number=NUMBER, hours=("sat-mon 00:00-24:00",))
    assert [weekend.takes_calls(f"2026-06-{day:02}T12:00:00+00:00") for day in (12, 13, 14, 15, 16)] == [
        False, True, True, True, False,
    ]  # fmt: skip
    assert Transfer(number=NUMBER).takes_calls("")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('transfer: {number: "020 7946 0000"}\n', "line 6: transfer.number"),
        ('transfer: {number: "+442079460000", hours: ["mon-fri 9-5"]}\n', "must look like: mon-fri 09:00-17:30"),
        ('transfer: {number: "+442079460000", hours: ["mon 09:00-09:00"]}\n', "two different times"),
        ('transfer: {number: "+442079460000", time_zone: Mars/Base}\n', "transfer.time_zone: is no time zone"),
        ('transfer: {number: "+442079460000", whisper: "{weather}"}\n', "{weather} is no placeholder"),
        ('keypad: {"1": transfer}\n', "keypad: has a key for a person, and there is nobody"),
        ('keypad: {"1": dance}\n', "keypad.1: must be transfer, end or repeat, or a line"),
        ('keypad: {"1": end}\nkeys: {"1": goodbye}\n', "keypad: has the key 1, and so has keys"),
        ('keypad: {"12": end}\n', "keypad.12"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path: Path, more: str, says: str) -> None:
    with pytest.raises(PersonaError, match=r"desk\.yaml line 6") as refused:
        load_persona(written(tmp_path, more))
    assert says in str(refused.value)


def test_the_name_is_filled_in_and_what_is_known_later_stays(tmp_path: Path) -> None:
    transfer = 'transfer: {number: "+442079460000", whisper: "{name}: {caller}, {about}"}\n'
    persona = load_persona(written(tmp_path, transfer + 'keypad: {"1": {say: "I am {name}."}}\n'))
    assert persona.transfer is not None
    assert persona.transfer.whisper == "Di: {caller}, {about}"
    assert persona.menu["0"] == "transfer"
    assert getattr(persona.menu["1"], "say", "") == "I am Di."
