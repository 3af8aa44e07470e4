"""The servers that these tests ring. Whatever a server's tests did, its log is searched for secrets when it is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.end_to_end.discretion import indiscretions
from tests.server import RunningServer

PERSONAS = Path(__file__).parent / "personas"
StartServer = Callable[..., RunningServer]


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """Starts a server with the settings given (`MAX_CALLS="2"`), and with the secrets of its `twin`, if it has one; all
    are stopped, and their logs read, at the end."""
    servers: list[RunningServer] = []
    with ExitStack() as stack:

        def start(twin: RunningServer | None = None, **settings: str) -> RunningServer:
            given = {"PERSONAS_DIR": str(PERSONAS), "DEFAULT_PERSONA": "brief", "LOG_LEVEL": "debug"} | settings
            server = RunningServer(tmp_path_factory.mktemp("server"), given)
            if twin is not None:
                server.auth_token, server.admin_password = twin.auth_token, twin.admin_password
                server.use_key(twin.api_key)
            servers.append(server)
            return stack.enter_context(server)

        yield start
    assert {server.folder.name: found for server in servers if (found := indiscretions(server))} == {}


@pytest.fixture(scope="session")
def server(start_server: StartServer) -> RunningServer:
    """The one that most tests share; its callers always ask for the opening hours."""
    return start_server(MOCK_TRANSCRIPTS="what are your opening hours")
