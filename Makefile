# Two commands are enough: `make demo` to see Moothall, `make test` to prove it. Each brings all it needs.
# Needed on the machine: Python 3.11 or newer, git, make, and a way to PyPI and npm on the first run.

SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1 \
	&& { echo "$$p"; break; }; done)
RUN := .venv/bin/python
HOME_DIR ?= home
PORT ?= 8000

.PHONY: help setup check check-style check-types check-house test fix serve demo docs bench
.DEFAULT_GOAL := help

help: ## show what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | awk -F'\t' '{ printf "  make %-8s %s\n", $$1, $$2 }'

setup: ## bring everything into .venv (Python packages by hash, front-end files by lock); quick the second time
	@test -n "$(PYTHON)" || { echo "Moothall needs Python 3.11, 3.12 or 3.13 with its venv module (on Debian: apt-get install python3 python3-venv). None was found."; exit 1; }
	@$(PYTHON) tools/setup.py

check: check-style check-types check-house ## style, types, floors, migrations and the house tests

check-style: setup
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	.venv/bin/lint-imports

check-types: setup
	$(RUN) -m mypy moothall tests tools

check-house: setup
	MOOTHALL_HOME=.venv/check-home $(RUN) -m moothall makemigrations --check --dry-run
	$(RUN) -m pytest -q tests/house

test: setup ## the whole suite on SQLite, on PostgreSQL when one answers, and the journeys when Chromium is there
	$(RUN) tools/test.py

fix: setup ## put style right where a machine can
	$(RUN) -m ruff check --fix
	$(RUN) -m ruff format

serve: setup ## serve this house at http://127.0.0.1:8000 (HOME_DIR=home PORT=8000)
	MOOTHALL_HOME=$(HOME_DIR) $(RUN) -m moothall serve --port $(PORT)

demo: setup ## three made-up councils with a year of work, at http://127.0.0.1:8000
	$(RUN) -m moothall demo --home $(HOME_DIR)/demo --port $(PORT)

docs: setup ## write again what the documentation takes from the code
	$(RUN) tools/docs.py

bench: setup ## measure, in benchmarks/, beside what is compared
	$(RUN) tools/setup.py bench
	@missed=0; for script in benchmarks/*.py; do echo "== $$script"; .venv-bench/bin/python "$$script" || missed=1; done; exit $$missed
