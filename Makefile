# `make run` serves, `make test` tests; both set everything up first. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check lint format lock tune bench conformance \
	chaos bench-channels screenshots clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "infobot needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what infobot needs into $(VENV) (once)"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing the test tools into $(VENV) (once)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.run ## make .venv with everything that running needs

setup-dev: $(VENV)/.dev

run: setup ## serve the chat page, and every channel that is set up
	@$(BIN)/infobot serve

test: setup-dev ## run the tests
	@$(BIN)/python -m pytest

check: lint test ## format, lint, types and tests, as CI does

lint: setup-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/infobot check

format: setup-dev ## put the code into its format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: setup-dev ## write the lock files anew, with the newest versions that fit
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --upgrade \
		--custom-compile-command "make lock" pyproject.toml --group build -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --upgrade \
		--custom-compile-command "make lock" -c requirements.lock --group dev -o requirements-dev.lock

tune: setup-dev ## fit the confidence anew, from the questions in tests/questions
	@$(BIN)/python -m benchmarks.tune

bench: setup-dev ## measure speed and accuracy beside rapidfuzz, in one run
	@$(BIN)/python -m benchmarks.speed

conformance: setup-dev ## run against strict stand-ins of both platforms: STANDINS=their folder
	@STANDINS="$(STANDINS)" $(BIN)/python -m pytest tests/conformance -o addopts=--strict-markers $(AGAIN)

chaos: setup-dev ## kill the bot and its store under load, and count what was lost: STANDINS=folder
	@STANDINS="$(STANDINS)" $(BIN)/python -m benchmarks.chaos

bench-channels: setup-dev ## measure webhooks beside a bare echo bot: STANDINS=folder
	@STANDINS="$(STANDINS)" $(BIN)/python -m benchmarks.channels

screenshots: setup-dev ## take the pictures of the chat page; needs `make run` beside it
	@$(BIN)/python -m benchmarks.screenshots

clean: ## remove what make made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache *.egg-info
