"""`python -m app`."""

from __future__ import annotations

from app.cli.commands import run

if __name__ == "__main__":
    run()
