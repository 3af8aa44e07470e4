# `make run` and `make test` do everything on a fresh machine that has Python 3.11 or newer.

# python3, if it is new enough, else the newest one beside it.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
# Named after what is in the lock, so that a second run is quick, and a changed lock, however it came here, is installed.
STAMP := $(VENV)/.installed-$(firstword $(shell cksum < requirements.lock))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV := build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help run test check demo bench bench-replies bench-turns bench-turns-live bench-dialler format lock browser

help:
	@echo "make run      start the server; the first time, install everything and make the secrets"
	@echo "make demo     start server and caller, and play a whole interview"
	@echo "make test     every test"
	@echo "make check    the quick gate: format, lint, types, floors"
	@echo "make bench    measure this machine"
	@echo "make bench-replies  measure how soon replies leave, with vendors that take 600 ms"
	@echo "make bench-turns    measure who is cut off, and what costs the agent its sentence"
	@echo "make bench-turns-live  the same over sockets, in real time, with vendors that take 600 ms (a quarter of an hour)"
	@echo "make bench-dialler  dial 500 calls with four machines that are killed and frozen meanwhile (CALLS=…, RUNS=…)"
	@echo "make format   format the code and sort the imports"
	@echo "make lock     write the lock files anew from pyproject.toml (UPGRADE=1: with the newest versions)"

run: $(STAMP)
	@exec $(BIN)/python -m app serve

demo: $(STAMP)
	@exec $(BIN)/python -m app demo

bench: $(STAMP)
	@exec $(BIN)/python -m tests.bench

bench-replies: $(STAMP)
	@exec $(BIN)/python -m tests.bench.replies

bench-turns: $(STAMP)
	@exec $(BIN)/python -m tests.bench.turns

bench-turns-live: $(STAMP)
	@exec $(BIN)/python -m tests.bench.turns_live

bench-dialler: $(STAMP)
	@PYTHON=$(BIN)/python .ci/bench-dialler

test: $(STAMP) browser
	$(BIN)/python -m pytest -n 2

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(STAMP)
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format .

# Without a browser the tests still run, and say which of them did not.
browser:
	@command -v chromium >/dev/null || .ci/debian chromium || echo "The browser tests will be skipped."

$(STAMP): requirements.lock
	@test -n "$(PYTHON)" || { echo "Parley needs Python 3.11 or newer; none was found. If you have one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Parley needs Python 3.11 or newer, and $(PYTHON) is %d.%d: try make PYTHON=python3.11" % sys.version_info[:2])'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/debian "$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "Making the environment in $(VENV)"; $(PYTHON) -m venv --clear $(VENV); }
	@echo "Installing what requirements.lock lists"
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@rm -f $(VENV)/.installed* && touch $@

# Pinned with hashes and no addresses, for every Python from 3.11 on: everything, and what runs alone. They are complete,
# and are installed with --no-deps: see `meaning` in pyproject.toml.
lock: build/lock/bin/uv
	$(UV) --group dev --group meaning --output-file requirements.lock pyproject.toml
	$(UV) --constraints requirements.lock --no-annotate --group meaning --output-file requirements-run.lock pyproject.toml

build/lock/bin/uv:
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/python -m pip --disable-pip-version-check --quiet install uv
