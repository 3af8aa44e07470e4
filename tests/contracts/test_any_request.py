"""Whatever is asked of REST, it answers as it says that it does: schemathesis makes the requests from its description.

The same requests every time: nothing is random between two runs, and none is judged by how long it took.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.contracts.lived_in import Outside, answered, live_in
from tests.house import lodging

MOST_EXAMPLES = int(os.environ.get("PARLEY_EXAMPLES", "6"))
"""For an operation, beside those that go through its borders one by one; hundreds by hand take minutes."""
WITHIN_S = 500.0 + 30 * MOST_EXAMPLES
"""Some twenty seconds on a quiet machine; this only ends a run that hangs."""
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
    "unsupported_method",
    "allow_header_conformance",
    "missing_required_header",
    "use_after_free",
)
ASKED = """
[generation]
deterministic = true
database = "none"

[phases.stateful]
generation.max-examples = {examples}

[parameters]
{parameters}
{dictionaries}
"""


def settings(ids: dict[str, list[str]], examples: int) -> str:
    """What is asked for: half of the time something that there is."""
    parameters = [f'"path.{name}" = {{ dictionary = "{name}", probability = 0.5 }}' for name in ids]
    dictionaries = [f"[dictionaries.{name}]\nvalues = {json.dumps(values)}" for name, values in ids.items()]
    return ASKED.format(examples=examples, parameters="\n".join(parameters), dictionaries="\n".join(dictionaries))


@pytest.mark.slow
async def test_rest_answers_whatever_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = Outside()
    async with lodging(tmp_path / "house", {"AI_MODE": "mock", "DEFAULT_PERSONA": "interviewer"}) as house:
        outside.shut(monkeypatch)
        ids = await live_in(house)
        (tmp_path / "asked.toml").write_text(settings(ids, MOST_EXAMPLES))
        code, said = await answered(
            [
                *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"),
                *("--config-file", "asked.toml", "run", f"{house.url}/openapi.json", "--no-color"),
                *("-H", f"Authorization: Bearer {house.api_key}"),
                *("--checks", ",".join(CHECKS), "--max-examples", str(MOST_EXAMPLES), "--seed", "1"),
                # a request may take long on a busy machine, and some texts are rare: no fault of the house's
                *("--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure"),
            ],
            tmp_path,
            WITHIN_S,
        )
        print(said)  # noqa: T201 - shown by pytest if it fails
    assert code == 0, said[said.find("FAILURES") :][:8000]
    assert outside.wanted == [], "somebody was called"
