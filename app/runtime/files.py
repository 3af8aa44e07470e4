"""Where a call's files are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CallFiles:
    """Paths under the data directory, by the call's id alone: nothing a caller says or sends gets into a path."""

    data_dir: Path

    def recording(self, call_id: UUID) -> Path:
        return self.data_dir / "recordings" / f"{call_id}.wav"

    def timeline(self, call_id: UUID) -> Path:
        return self.data_dir / "timelines" / f"{call_id}.jsonl"
