"""A house is not put together with a person whose number must not be rung."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.personas.problems import PersonaError
from app.runtime.cast import cast_personas

PEOPLE = Path(__file__).parents[1] / "end_to_end" / "personas_with_people"


def people(folder: Path, number: str) -> Path:
    shutil.copytree(PEOPLE, folder / "people")
    file = folder / "people" / "desk.yaml"
    file.write_text(file.read_text().replace("+442079460000", number))
    return folder / "people"


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("+449098790000", "Premium-rate"),
        ("+15550100000", "no telephone number"),
        ("+99900000000", "no telephone number"),
    ],
)
def test_a_number_that_must_not_be_rung_is_refused_with_its_line(tmp_path: Path, number: str, says: str) -> None:
    with pytest.raises(PersonaError, match=r"desk\.yaml line 10: transfer\.number") as refused:
        cast_personas(people(tmp_path, number), "desk")
    assert says in str(refused.value)


def test_one_that_may_be_is_taken(tmp_path: Path) -> None:
    casting, _ = cast_personas(people(tmp_path, "+442079460001"), "desk")
    assert casting.personas["desk"].transfer is not None
