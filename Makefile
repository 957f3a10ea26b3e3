# Everything a newcomer types. Each target works on a bare machine with Python 3.11+, make and the package registries.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup lock demo test lint docs faults fuzz bench serve clean

setup: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml package-lock.json
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "tocsin: installing what requirements.lock names (once; about a minute)"
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock; \
	else \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock; \
	fi
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m tocsin.web.build
	@$(BIN)/python -m compileall -q src .venv/lib >/dev/null 2>&1 || true
	@touch $@

lock: ## writes requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --extra dev pyproject.toml -o requirements.lock

demo: setup ## the whole story on three nodes; writes demo/
	$(BIN)/tocsin demo --out demo

test: setup lint
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: setup ## writes docs/cli.md from the commands
	$(BIN)/python -m tocsin.cli.reference > docs/cli.md

faults: setup ## the sending node killed at ten random points of the story
	$(BIN)/python -m pytest tests/faults --kills=10 -s

MINUTES ?= 1

fuzz: setup ## files that are nearly right, for MINUTES each; what breaks a reader is kept in tests/vectors
	$(BIN)/python -m pytest tests/fuzz tests/outside/test_cap_fuzz.py --fuzz-minutes=$(MINUTES) --timeout=0 -s

bench: setup ## every figure with its goal, measured here and now
	$(BIN)/tocsin bench all

serve: setup
	$(BIN)/tocsin serve

clean:
	rm -rf .venv node_modules src/tocsin/web/static/vendor demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
