# Spean: every task of a newcomer, an operator and a developer.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.run-ready
DEV_STAMP := .venv/.dev-ready

.PHONY: run setup test test-long bench fmt lint lock

run: $(STAMP)
	$(BIN)/spean run

setup: $(DEV_STAMP)

$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(DEV_STAMP): requirements-dev.lock $(STAMP)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

test: $(DEV_STAMP)
	$(BIN)/python -m tests.everything

test-long: $(DEV_STAMP)
	$(BIN)/python -m tests.everything --long

bench: $(DEV_STAMP)
	$(BIN)/python -m bench

fmt: $(DEV_STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/spean words fmt

lint: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The dev lock is compiled first, the product's against it; both hold hashes and no addresses.
lock: $(DEV_STAMP)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-annotate --group dev --group bench pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-annotate -c requirements-dev.lock pyproject.toml -o requirements.lock
