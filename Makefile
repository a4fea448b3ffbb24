# What people run. `make run` and `make test` need nothing but Python 3.11 or newer.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
export HF_HUB_OFFLINE := 1

.DEFAULT_GOAL := help
.PHONY: help install run test check bench scale day proof gate widget format clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# torch first and by its exact pin, so that nothing that needs torch chooses another build of it.
$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "Setting up the environment in $(VENV); the first time this takes two or three minutes."
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[model]'
	@touch $@

# What tests and benchmarks need beside that.
$(VENV)/.developed: $(VENV)/.installed
	@echo "Installing what the tests need."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1' # knows --group; Python 3.11 brings an older one
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[model,postgres,llm,forecast,evaluations]' --group dev
	@touch $@

install: $(VENV)/.installed ## make the environment in .venv, with the command tierzero in it

run: install ## serve the sample shop on http://127.0.0.1:8000 (PORT=… for another port)
	@$(BIN)/tierzero ingest kb/sample
	@$(BIN)/tierzero serve --port $(PORT)

# Three processes, each of up to 2 GB: on two cores one of them often waits for a browser or a server. The tests of a module
# stay together, because they share what it set up; in their order, so that the slow ones of the browser do not come last.
test: $(VENV)/.developed ## run every test
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadscope --no-loadscope-reorder

check: $(VENV)/.developed ## format, lint, types, import rules, built files: the gate of a change
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd widget && npm ci --silent --no-audit --no-fund && npm run --silent check && npm run --silent check-built

format: $(VENV)/.developed ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.developed ## measure speed and size as ratios of one run
	$(BIN)/python -m evaluations.bench

scale: $(VENV)/.developed ## measure synthetic knowledge bases of 10,000 to 1,000,000 chunks (an hour, 6 GB of disk)
	$(BIN)/python -m evaluations.scale

gate: $(VENV)/.developed ## the sample set's figures must not fall below their committed floors
	$(BIN)/python -m evaluations.gate

day: $(VENV)/.developed ## live a day of 500 customers with the server killed twice, and prove that all has its place
	$(BIN)/python -m evaluations.day

proof: $(VENV)/.developed ## slow proofs
	$(BIN)/python -m pytest -m proof

widget: ## build the chat widget anew from widget/src (needs Node.js)
	cd widget && npm ci && npm run check && npm run build

clean: ## remove the environment and the data of `make run`
	rm -rf $(VENV) var
