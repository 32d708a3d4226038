# `make demo` and `make test` are all a newcomer needs; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
ARGS ?=

.PHONY: demo test test-salesforce node lint format bench coverage lock clean help

demo: $(VENV)/.run ## show it all at work, against sandbox systems on this machine
	@$(BIN)/connector demo $(ARGS)

test: $(VENV)/.dev ## install what the tests need, and run them all
	@$(BIN)/python -m pytest -n 2 $(ARGS)

test-salesforce: node salesforce/node_modules ## the CRM side: its component's tests, its rules, a parse of all Apex
	@cd salesforce && npm test --silent

node:
	@node --version > /dev/null 2>&1 && npm --version > /dev/null 2>&1 \
	  || { echo "Node.js 20.19 or later, with npm, is needed here: see salesforce/README.md"; exit 1; }

salesforce/node_modules: salesforce/package-lock.json | node
	@cd salesforce && npm ci --loglevel=error --no-audit --no-fund
	@touch $@

lint: $(VENV)/.dev ## style, types, imports, dependencies, Dockerfile
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry .
	@$(BIN)/hadolint Dockerfile

format: $(VENV)/.dev ## rewrite the code in the house's style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

coverage: $(VENV)/.dev ## run the tests and show which lines they miss
	@$(BIN)/python -m pytest -n 2 --cov --cov-report=term-missing:skip-covered $(ARGS)

bench: $(VENV)/.run ## 100,000 calls over real HTTP: speed, memory, calls made
	@$(BIN)/python -m bench $(ARGS)

lock: $(VENV)/.lock ## resolve the dependencies anew
	@$(BIN)/uv pip compile pyproject.toml --extra build $(LOCK) -o requirements/run.lock
	@$(BIN)/uv pip compile pyproject.toml --extra build --extra dev $(LOCK) \
	  -c requirements/run.lock -o requirements/dev.lock

LOCK := --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --quiet --upgrade

clean: ## remove everything that was made here
	rm -rf $(VENV) .coverage .hypothesis .mypy_cache .ruff_cache .pytest_cache

help: ## show this
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python requirements/run.lock pyproject.toml
	@echo "Installing into $(VENV) (once; half a minute) …"
	@$(PIP) --require-hashes -r requirements/run.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.lock
	@$(PIP) --require-hashes -r requirements/dev.lock
	@touch $@

$(VENV)/.lock: $(BIN)/python
	@$(PIP) uv
	@touch $@
