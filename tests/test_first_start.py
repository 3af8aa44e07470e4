"""The secrets of the first start: made once, kept closed, whoever else starts at the same time."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from app.first_start import FirstStartError, HouseSecrets, Secret, keep_secrets


def of(house: HouseSecrets) -> dict[str, Secret]:
    return {field.name: getattr(house, field.name) for field in fields(house)}


def test_the_first_start_makes_secrets_and_the_second_finds_them(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    first, second = of(keep_secrets(folder)), of(keep_secrets(folder))
    assert all(secret.made_now for secret in first.values())
    assert not any(secret.made_now for secret in second.values())
    assert {name: secret.value for name, secret in first.items()} == {name: s.value for name, s in second.items()}
    assert len({secret.value for secret in first.values()}) == len(first)
    names = {"admin-password", "api-key", "twilio-auth-token", "session-secret", "webhook-secret", "machine-id"}
    assert {path.name for path in folder.iterdir()} == names


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    (tmp_path / "api-key").write_text("known\n")
    (tmp_path / "api-key").chmod(0o644)
    house = keep_secrets(tmp_path)
    assert house.api_key.value == "known"
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert house.admin_password.value not in repr(house)


def test_a_given_secret_wins_and_is_not_written(tmp_path: Path) -> None:
    house = keep_secrets(tmp_path, admin_password="mine", api_key=None, twilio_auth_token="theirs")
    assert house.admin_password == Secret("mine", made_now=False, path=None)
    assert house.twilio_auth_token.value == "theirs"
    assert {path.name for path in tmp_path.iterdir()} == {
        "api-key",
        "session-secret",
        "webhook-secret",
        "machine-id",
    }


def test_starts_at_the_same_moment_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        houses = list(pool.map(lambda _: keep_secrets(tmp_path), range(24)))
    assert len({house.api_key.value for house in houses}) == 1
    assert sum(house.api_key.made_now for house in houses) == 1
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_folder_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(FirstStartError, match="set DATA_DIR to one") as refusal:
        keep_secrets(tmp_path / "data")
    assert "\n" not in str(refusal.value)


def test_an_emptied_secret_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "api-key").write_text("\n")
    with pytest.raises(FirstStartError, match=r"api-key is empty: remove it"):
        keep_secrets(tmp_path)
