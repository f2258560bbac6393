# Wellkept: everything a person types here. `make` alone tells what there is.
# Needs python3 (3.11 or newer) with pip and venv, and make. Everything else goes into .venv and .wellkept.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
DATA := .wellkept/demo
ARGS ?=

# Browser tests are left out only where there is no Chromium; CI leaves nothing out.
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome || ls -d $$HOME/.cache/ms-playwright/chromium* 2>/dev/null | head -n 1)
LEFT_OUT := $(if $(CHROMIUM)$(CI),,-m "not browser")

.DEFAULT_GOAL := help
.PHONY: help setup demo test bench check format lock screenshots clean

help:  ## Tell what there is
	@echo "make demo    start everything with a made-up clinic and say what to open"
	@echo "make test    run the tests"
	@echo "make bench   measure our worker beside Prefect's; takes an hour, or ARGS=\"--waiting 20\""
	@echo "make check   look at style, types and layers"
	@echo "make format  put the code into its form"
	@echo "make lock    choose dependencies anew: a week old or older, with hashes"
	@echo "make screenshots  take the pictures in docs/images anew, from the running demo; needs Chromium"
	@echo "make clean   remove the demo's data and caches; .venv stays"

demo: $(STAMP)  ## Start everything with a made-up clinic
	@exec $(BIN)/wellkept --data-dir $(DATA) up --demo

test: $(STAMP)  ## Run the tests; `make test ARGS="-k ladder"` runs some
ifneq ($(LEFT_OUT),)
	@echo "No Chromium here, so the browser tests are left out. To get them: apt-get install chromium"
endif
	$(BIN)/python -m pytest $(LEFT_OUT) $(ARGS)

bench: $(STAMP)  ## Measure our worker beside Prefect's process worker
	$(BIN)/python -m deployments.testing.bench $(ARGS)

check: $(STAMP)  ## Look at style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# uv is wanted here only, so it is in no lock: `.venv/bin/pip install uv`.
lock:  ## Choose dependencies anew
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --exclude-newer "1 week" --upgrade \
		--no-header --no-emit-index-url --group pyproject.toml:dev pyproject.toml -o requirements.lock -q
	@! grep -nE '://|find-links|index-url' requirements.lock || { echo "The lock names an address."; exit 1; }

screenshots: $(STAMP)  ## Take the pictures in docs/images anew
	$(BIN)/python -m deployments.testing.screenshots docs/images

clean:
	rm -rf $(DATA) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

setup: $(STAMP)  ## Make the environment, once

# The lock names everything, so pip resolves nothing; `pip check` tells if that were not so.
$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Wellkept needs Python 3.11 or newer; there is no $(PYTHON) here."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Wellkept needs Python 3.11 or newer; this is $$($(PYTHON) --version). Name another: make PYTHON=python3.12 …"; exit 1; }
	@echo "Setting up .venv, once; this takes a minute or two."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
		echo "python3 has no venv here; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pip check
	@touch $@
