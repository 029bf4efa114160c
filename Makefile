# Pishkhan: everything a newcomer needs. Each target first makes the checkout ready (installer/prepare.py).
PYTHON ?= python3
VENV := .venv/bin
export PYTHONPATH := $(CURDIR)

.PHONY: help run test lint format bench shots serve lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: prepare ## open the window with the demo library (no display: a desk session offscreen, pictures and PDFs in out/)
	@$(VENV)/python -m ui.demo

serve: prepare-serving ## a centre with two demo libraries that sync with it: addresses, passwords, how to open both windows
	@$(VENV)/python -m server.centre.demo

test: prepare-tests lint ## set up and prove everything
	@$(VENV)/python -m tests.shards

lint: prepare ## style, types, layers
	@$(VENV)/ruff format --check -q .
	@$(VENV)/ruff check -q .
	@$(VENV)/mypy
	@$(VENV)/lint-imports --no-cache

format: prepare ## put the style right
	@$(VENV)/ruff format -q .
	@$(VENV)/ruff check --fix -q .

bench: prepare-tests ## measure against bare baselines; writes docs/benchmarks.md
	@$(VENV)/python -m benchmarks

shots: prepare ## pictures of every page and state in out/shots
	@QT_QPA_PLATFORM=offscreen $(VENV)/python -m ui.shots --out out/shots
	@$(VENV)/python -m server.centre.pictures --out out/shots

lock: ## write requirements.lock anew (needs uv)
	@uv lock -q && uv export -q --frozen --all-groups --no-emit-project --no-header -o requirements.lock

clean: ## remove what can be made again
	@rm -rf .venv out demo-data demo-centre .mypy_cache .ruff_cache .hypothesis

.PHONY: prepare prepare-tests prepare-serving
prepare:
	@$(PYTHON) installer/prepare.py
prepare-tests:
	@$(PYTHON) installer/prepare.py --tests
prepare-serving:
	@$(PYTHON) installer/prepare.py --serving
