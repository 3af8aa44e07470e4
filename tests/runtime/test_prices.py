"""The price table: what a request costs, and what is said of a table that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.main import read_prices
from app.personas.problems import PersonaError
from app.runtime.cast import CompositionError
from app.runtime.prices import Cost, Prices, load_prices
from app.runtime.reporting import Spent
from app.settings import HERE, load_settings

TABLE = """\
currency: USD
prices:
  - {provider: groq, model: whisper, per_hour: 0.36, minimum_s: 10}
  - {provider: groq, model: gpt, per_million_read: 0.5, per_million_written: 2}
  - {provider: groq, model: half, per_million_read: 0.5}
  - {provider: groq, model: "*", per_million_read: 4, per_million_written: 8}
  - {provider: sarvam, model: "bulbul:v3", currency: INR, per_million_characters: 3000}
"""


def prices(folder: Path, text: str) -> Prices:
    file = folder / "prices.yaml"
    file.write_text(text, encoding="utf-8")
    return load_prices(file)


def of(cost: Cost | None) -> tuple[int, str] | None:
    """Whole millionths and the currency."""
    return (round(cost.micros), cost.currency) if cost else None


def heard(seconds: float, model: str = "whisper") -> Spent:
    return Spent("transcribe", "groq", model, 100, seconds=seconds)


def thought(model: str, read: int = 1000, written: int = 100) -> Spent:
    return Spent("reply", "groq", model, 100, tokens_read=read, tokens_written=written)


def test_sound_costs_by_the_hour_and_at_least_the_minimum(tmp_path: Path) -> None:
    table = prices(tmp_path, TABLE)
    for seconds, billed_s in ((2.0, 10), (10.0, 10), (25.0, 25)):
        assert of(table.cost(heard(seconds))) == (billed_s * 100, "USD")


def test_tokens_and_characters_cost_by_the_million(tmp_path: Path) -> None:
    table = prices(tmp_path, TABLE)
    assert of(table.cost(thought("gpt"))) == (700, "USD")
    spoken = Spent("speak", "sarvam", "bulbul:v3", 100, characters=80)
    assert of(table.cost(spoken)) == (240_000, "INR")


def test_a_model_without_a_line_has_its_providers_price_for_any(tmp_path: Path) -> None:
    table = prices(tmp_path, TABLE)
    assert of(table.cost(thought("new-one"))) == (4800, "USD")
    assert of(table.cost(thought("half"))) == (4800, "USD"), "half a price is none"
    assert of(table.cost(thought("half", written=0))) == (500, "USD")


def test_where_no_price_is_known_there_is_no_cost_rather_than_none_to_pay(tmp_path: Path) -> None:
    table = prices(tmp_path, TABLE)
    assert table.cost(heard(3, "new-whisper")) is None, "the price for any model says nothing about sound"
    assert table.cost(Spent("speak", "elevenlabs", "flash", 100, characters=3)) is None


def test_what_nobody_charges_for_is_free_unless_its_name_was_cut_off() -> None:
    assert Prices().cost(Spent("speak", "offline", "", 100, characters=9)) == Cost(0.0, "USD")
    cut_off = Spent("reply", "groq", "", 100, tokens_read=9, estimated=True)
    assert Prices().cost(cut_off) is None


def test_an_empty_table_is_a_table(tmp_path: Path) -> None:
    assert prices(tmp_path, "currency: EUR\nprices:\n") == Prices("EUR", {})


WRONG = {
    "currency: usd\nprices: []\n": "line 1: currency: must look like",
    "prices: []\n": "currency: is missing",
    "currency: USD\nprices:\n  - {provider: a, model: b, per_houre: 1}\n": (
        "line 3: prices[0].per_houre: unknown key; did you mean per_hour?"
    ),
    "currency: USD\nprice: 1\nprices: []\n": "line 2: price: unknown key; did you mean prices?",
    "currency: USD\nprices:\n  - {provider: a, model: b, per_hour: cheap}\n": "line 3: prices[0].per_hour: must be",
    "currency: USD\nprices:\n  - {provider: a, model: b, per_hour: -1}\n": "line 3: prices[0].per_hour: must be",
    "currency: USD\nprices:\n  - {provider: a, model: b, per_hour: .inf}\n": "line 3: prices[0].per_hour: must be",
    "currency: USD\nprices:\n  - {provider: a, model: b, minimum_s: 9999}\n": "line 3: prices[0].minimum_s: must be",
    "currency: USD\nprices:\n  - {provider: a}\n": "line 3: prices[0].model: is missing",
    "currency: USD\nprices:\n  - {provider: a, model: b}\n  - {provider: a, model: b}\n": (
        "line 4: prices[1]: a b has a price already; keep one"
    ),
    "currency: USD\nprices: 3\n": "line 2: prices: must be a list",
    "- 1\n": "must be keys with values",
    "": "is empty",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_table_that_is_wrong_is_told_in_one_line_with_its_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(PersonaError) as refused:
        prices(tmp_path, text)
    assert WRONG[text] in str(refused.value)
    assert "prices.yaml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_stops_the_start_and_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(CompositionError, match=r"^PRICES: .*nowhere\.yaml: cannot be read"):
        read_prices(tmp_path / "nowhere.yaml")


def test_the_houses_own_table_knows_what_the_vendors_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRICES", raising=False)
    settings = load_settings(None)
    assert settings.prices == HERE / "app" / "prices.yaml"
    table = read_prices(settings.prices)
    hour = table.cost(Spent("transcribe", "groq", "whisper-large-v3-turbo", 1, seconds=3600))
    assert of(hour) == (40_000, "USD")
    thousand = table.cost(Spent("speak", "elevenlabs", "eleven_flash_v2_5", 1, characters=1000))
    assert of(thousand) == (50_000, "USD")
    assert {provider for provider, _ in table.table} == {"groq", "elevenlabs", "sarvam"}
