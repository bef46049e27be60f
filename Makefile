# Every command of the project. `make` prints them; each prepares what it needs by itself.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCALES := src/yitong/locale
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard $(LOCALES)/*/LC_MESSAGES/django.po))
BENCHES := ledger proofs record gateway start memory duedate duties inbox recompute ingest profile match predicate
# One server and one process per core; beyond eight a laptop's memory is the limit.
PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 8
ARGS ?=

export DJANGO_SETTINGS_MODULE := yitong.config.settings
# Every command here starts processes; without kept bytecode each compiles some 1,100 modules again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help
help: ## print these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(READY) $(CATALOGUES) ## virtual environment, locked packages, translations (again only when they change)

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; name one: make setup PYTHON=/path/to/python3.11"; exit 1; }
	@echo "[1/4] virtual environment in $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "[2/4] uv $(UV_VERSION)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@echo "[3/4] locked packages (about 250 MB at the first time)"
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip sync --compile-bytecode --require-hashes requirements.lock
	@echo "[4/4] yitong itself, editable"
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

%.mo: %.po $(READY)
	@$(BIN)/pybabel --quiet compile --domain django --input-file $< --output-file $@ --locale $(word 4,$(subst /, ,$<))

.PHONY: setup-browser
setup-browser: ## install Debian's Chromium and Chinese fonts for browser tests (sudo make setup-browser)
	@test "$$(id -u)" = 0 || { echo "apt-get needs root: sudo make setup-browser"; exit 1; }
	apt-get update
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fonts-noto-cjk

.PHONY: fix
fix: setup ## format, and repair what ruff can
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

.PHONY: check
check: setup ## format, lint, types, import contracts, templates, spelling, migrations
	@$(BIN)/python tools/check.py $(ARGS)

.PHONY: test
test: setup ## unit, spec, architecture, integration on real PostgreSQL; one browser journey if there is a Chromium
	@$(PYTEST) $(ARGS)

.PHONY: test-all
test-all: setup ## everything, nothing skipped: also slow, faults, browser, and Debian's PostgreSQL server
	@$(BIN)/python tools/test_all.py $(ARGS)

.PHONY: demo
demo: setup ## a made-up city on a fresh node, until Ctrl-C (ARGS="--once --json report.json")
	@$(BIN)/yitong demo $(ARGS)

.PHONY: bench
bench: setup ## every benchmark: ledger proofs record gateway start memory duedate duties inbox recompute ingest profile match predicate (ARGS=--json)
	@failed=; for name in $(BENCHES); do $(BIN)/yitong bench $$name $(ARGS) || failed="$$failed $$name"; done; \
	  test -z "$$failed" || { echo "not met or failed:$$failed" >&2; exit 1; }

.PHONY: conformance
conformance: setup ## what others wrote: published vectors, foreign readers and oracles, as a table
	@$(BIN)/python tools/conformance.py $(ARGS)

.PHONY: fuzz
fuzz: setup ## try the readers of files and rules with made input, a minute each (ARGS="csv --seconds 600")
	@$(BIN)/python tools/fuzz.py $(ARGS)

.PHONY: reference
reference: setup ## write docs/reference from the code (make test fails where they differ)
	@$(BIN)/python tools/make_reference.py

.PHONY: rulebook
rulebook: setup ## write docs/rulebook.md from tests/spec: every rule with its article (make test fails where they differ)
	@$(BIN)/python tools/make_rulebook.py $(ARGS)

.PHONY: messages
messages: setup ## collect sentences for translation and compile them
	@$(BIN)/python tools/messages.py
	@$(MAKE) $(CATALOGUES)

.PHONY: data
data: setup ## write the tables that stand in the tree again from their sources (needs npm)
	@$(BIN)/python tools/build_regions.py

.PHONY: lock
lock: setup ## choose package versions anew and write requirements.lock, hashed, naming no registry
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --quiet \
	  --no-emit-index-url --upgrade --output-file requirements.lock

.PHONY: ci
ci: ## what CI runs, exactly
	@bash .ci/run

.PHONY: clean
clean: ## remove caches and build products; never a node's data
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	@rm -f $(CATALOGUES) $(READY)
