"""The tokens: every colour of text stands out enough from what it stands on, in the light and in the dark."""

from __future__ import annotations

import re

import pytest

from app.web.admin.assets import STATIC

AA = 4.5
ON_PAPER = ("ink", "quiet", "accent", "good", "attention", "bad")
PAIRS = [*((text, "paper") for text in ON_PAPER), *((text, "shade") for text in ON_PAPER)]
PAIRS += [("on-accent", "accent"), ("ink", "lit"), ("quiet", "lit"), ("accent", "lit"), ("attention", "lit")]


def tokens(dark: bool) -> dict[str, str]:
    blocks = re.findall(r":root \{([^}]*)\}", (STATIC / "parley.css").read_text())
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", blocks[0]))
    return found | (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", blocks[1])) if dark else {})


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(text: str, ground: str, dark: bool) -> None:
    colours = tokens(dark)
    lighter, darker = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= AA


@pytest.mark.parametrize("sheet", sorted(path.name for path in STATIC.glob("*.css")))
def test_colours_are_tokens_alone(sheet: str) -> None:
    rules = re.sub(r":root \{[^}]*\}", "", (STATIC / sheet).read_text())
    assert not re.findall(r"#[0-9a-f]{3,8}\b(?=[^{]*;)", rules)


def test_modules_are_small() -> None:
    for path in STATIC.glob("*.js"):
        assert len(path.read_text().splitlines()) < 200
