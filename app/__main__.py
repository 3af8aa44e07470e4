"""`python -m app`."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: its threads spin, and calls want the processor

from app.cli.commands import run

if __name__ == "__main__":
    run()
