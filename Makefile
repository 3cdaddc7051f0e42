# One word for each task; `make help` lists them. What a task needs is installed into .venv on first use, and again
# only when pyproject.toml or constraints.txt has changed.

PYTHON ?= python3
PORT   ?= 7860
ARGS   ?=
# Processes that run tests side by side.
JOBS   ?= 2

BIN := .venv/bin
APP := .venv/.installed-app
DEV := .venv/.installed-dev

.DEFAULT_GOAL := help
.PHONY: demo test check bench eval clean help
.NOTPARALLEL:

demo: $(APP) ## index the sample company, run its smoke suite, open the browser app (PORT=7860)
	$(BIN)/kit index
	$(BIN)/kit eval smoke --reuse
	$(BIN)/kit demo --port $(PORT) $(ARGS)

test: $(DEV) ## run all tests, in a browser too
	$(BIN)/python tests/install_browser.py
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile $(ARGS)

check: $(DEV) ## lint, formatting, types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(DEV) ## measure ranking, answers, confidence, routing, procedures, CSAT, grounding, statistics, speed and size (ARGS="ranking speed")
	$(BIN)/python -m tests.bench $(ARGS)

# What a change may change, the articles too, is what the gate compares.
BASELINE := $(if $(wildcard evals/baseline/baseline.json),--baseline evals/baseline --across data)

eval: $(APP) ## run the sample company's suites; fails below their thresholds, or if worse than evals/baseline
	$(BIN)/kit index
	$(BIN)/kit eval --gate $(BASELINE) $(ARGS)

clean: ## remove what is derived: .kit, built packages, caches (.venv stays)
	rm -rf .kit dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find kit tests notebooks -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@echo 'make TARGET [PYTHON=python3.12] [PORT=7861] [ARGS="more arguments"]'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 10

# A `.venv` left half made, or made by a Python that is gone, is made anew.
define make_venv
@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
	stop() { echo "$$1" >&2; exit 1; }; \
	command -v "$(PYTHON)" >/dev/null || \
		stop "There is no $(PYTHON). Install Python 3.11 or later, or name one: make $(MAKECMDGOALS) PYTHON=python3.12"; \
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		stop "$$("$(PYTHON)" --version 2>&1) is too old. Install Python 3.11 or later, or name one: make $(MAKECMDGOALS) PYTHON=python3.12"; \
	"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || \
		stop "$(PYTHON) cannot make virtual environments. Install its venv package (Debian, Ubuntu: apt-get install python3-venv)."; \
	echo "Making .venv and installing into it: a few minutes, once."; \
	"$(PYTHON)" -m venv --clear .venv; \
}
endef

$(APP): pyproject.toml constraints.txt
	$(make_venv)
	$(BIN)/python -m pip install -c constraints.txt -e .
	@touch $@

# The tests need all that the app does.
$(DEV): pyproject.toml constraints.txt
	$(make_venv)
	$(BIN)/python -m pip install -c constraints.txt -e '.[dev]'
	@touch $@ $(APP)
