"""Which voices espeak-ng has, read from the data it came with.

Two kinds of files tell: `lang/<family>/<name>` is a language's voice, `voices/!v/<name>` a variant that colours
any of them. A voice is asked for by its file's name (`en-US`) or by a language code written in the file (`en-gb`);
where several files claim a code, the lowest number behind it wins. Case does not matter.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import espeakng_loader

_NO_PRIORITY_GIVEN = 5  # espeak-ng's own default for a `language` line without a number


@cache
def voices() -> dict[str, str]:
    """Lower-case voice name or language code → espeak-ng's identifier (`en-gb` → `gmw/en`)."""
    by_name: dict[str, str] = {}
    by_code: dict[str, tuple[int, str]] = {}
    for path in sorted((data_path() / "lang").rglob("*")):
        if not path.is_file():
            continue
        identifier = path.relative_to(data_path() / "lang").as_posix()
        by_name[path.name.lower()] = identifier
        for code, priority in _codes(path):
            by_code[code] = min(by_code.get(code, (priority, identifier)), (priority, identifier))
    return {code: identifier for code, (_, identifier) in by_code.items()} | by_name


@cache
def variants() -> tuple[str, ...]:
    """The names of the variants (`f2`, `m3` …); those with a blank in them cannot be asked for and are left out."""
    return tuple(sorted(path.name for path in (data_path() / "voices" / "!v").iterdir() if path.name.isalnum()))


def data_path() -> Path:
    """The folder of espeak-ng's data, as installed with its library."""
    return Path(espeakng_loader.get_data_path())


def _codes(path: Path) -> list[tuple[str, int]]:
    """The language codes of one voice file, lower case, with their priorities."""
    codes = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split()
        if len(words) >= 2 and words[0] == "language":
            priority = int(words[2]) if len(words) > 2 and words[2].isdigit() else _NO_PRIORITY_GIVEN
            codes.append((words[1].lower(), priority))
    return codes
