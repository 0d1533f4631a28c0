.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Any Python from 3.12 on; the one .python-version names where several are installed.
PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.14 python3 python,$(shell \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $(name))))
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
UV ?= uv
# The browser tests need one; Debian's, or Playwright's own where that is not to be had.
CHROMIUM = { apt-get update -qq && apt-get install -qq -y chromium; } >/dev/null 2>&1 || $(BIN)/playwright install --with-deps chromium
LOCK = $(UV) pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --python-version 3.12 --quiet

.PHONY: help setup setup-test demo demo-stop test check bench fuzz docs sentences bill clean lock

help:  ## say what there is
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.run  ## install what the gandeng command needs into .venv
setup-test: .venv/.test  ## ... and what tests and checks need (Spark and a Java included)

.venv/.python:
	@test -n "$(PYTHON)" || { echo "Gandeng needs Python 3.12 or newer: install one, or say make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) --requirement requirements/build.lock
	@touch $@

.venv/.run: .venv/.python requirements/run.lock pyproject.toml
	$(PIP) --requirement requirements/run.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: .venv/.run requirements/test.lock
	$(PIP) --no-build-isolation --requirement requirements/test.lock
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || $(CHROMIUM)
	@touch $@

.venv/.bench: .venv/.test requirements/bench.lock
	$(PIP) --requirement requirements/bench.lock
	@touch $@

.venv/.fuzz: .venv/.test requirements/fuzz.lock
	$(PIP) --requirement requirements/fuzz.lock
	@touch $@

demo: .venv/.run  ## run one stage of a synthetic province into ./demo, then open it as a web site
	$(BIN)/gandeng demo --out demo

demo-stop:  ## stop the site that make demo left running
	@test ! -x $(BIN)/gandeng || $(BIN)/gandeng demo-stop --out demo

test: .venv/.test  ## run every test
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

check: .venv/.test  ## style, types and the order of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.bench  ## measure speed and memory as ratios (long: ten million rows)
	$(BIN)/python -m benchmarks

fuzz: .venv/.fuzz  ## throw mangled files at every parser (SECONDS=60 each)
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60)

docs: .venv/.test  ## write the pages that come from the code (command line, columns of files, figures, personal data)
	$(BIN)/python docs/generate.py

sentences: .venv/.test  ## collect the sentences of pages and compile their English
	$(BIN)/python frontend/sentences.py

bill: .venv/.run  ## write the bill of materials (CycloneDX) into build, for a scanner that knows what is vulnerable today
	@mkdir -p build
	$(BIN)/python requirements/bill.py > build/gandeng.cdx.json
	@echo build/gandeng.cdx.json

clean: demo-stop  ## remove everything that make has made
	rm -rf .venv demo build dist fuzz-found .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache spark-warehouse
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock:  ## write the lock files again from pyproject.toml (needs uv)
	$(LOCK) --output-file requirements/run.lock
	$(UV) pip compile --group build --universal --generate-hashes --no-header --no-annotate --python-version 3.12 --quiet --output-file requirements/build.lock
	$(LOCK) --extra spark --extra s3 --group dev --output-file requirements/test.lock
	$(LOCK) --group bench --output-file requirements/bench.lock
	$(LOCK) --group fuzz --output-file requirements/fuzz.lock
	$(LOCK) --group regions --output-file requirements/regions.lock
