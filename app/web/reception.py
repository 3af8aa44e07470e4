"""What the carrier's doors need to know: who is let in, under which address and secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from app.carriers.protocol import Carrier
from app.carriers.tokens import StreamTokens
from app.dialling.policy import Policy
from app.runtime.placing import Placing
from app.runtime.supervisor import Supervisor
from app.store.engine import Database

MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Reception:
    """`public_url`: what the carrier reaches and signs; `stream_url`: where it opens the media stream."""

    carrier: Carrier
    supervisor: Supervisor
    db: Database
    tokens: StreamTokens
    public_url: str
    stream_url: str
    machine: str
    auth_token: str = field(repr=False)
    placing: Placing = field(default_factory=lambda: Placing(Policy()))

    @property
    def has_others(self) -> bool:
        """May other machines share our calls? On SQLite there are none."""
        return self.db.dialect == "postgresql"

    def parse_form(self, body: bytes, content_type: str) -> Mapping[str, str] | None:
        """A form-encoded body; None for anything else."""
        if not content_type.startswith("application/x-www-form-urlencoded"):
            return {} if not body else None
        try:
            pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            return None
        return dict(pairs)
