# `make help` lists what there is to do. Each target does its own set-up.

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON := .venv/bin/python
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
# Checks read settings without a machine to run on.
AS_IN_PRODUCTION := DEBUG=0 SECRET_KEY=$$(head -c 48 /dev/urandom | base64) \
	ALLOWED_HOSTS=portal.example KIPP_BASE_URL=https://portal.example

.PHONY: help
help: ## Show these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: runtime $(CATALOGUES) ## Start the portal with demonstration data on port $PORT (8000)
	@exec setpriv --pdeathsig=TERM $(PYTHON) -m kipp_portal.run demo --follow-make

.PHONY: serve
serve: runtime $(CATALOGUES) ## Start the portal for real use on one machine (see .env.example)
	@exec setpriv --pdeathsig=TERM $(PYTHON) -m kipp_portal.run serve --follow-make

.PHONY: test
test: development $(CATALOGUES) ## Run all tests: the quick ones on both cores, then those in a browser
	@status=0; \
	$(PYTHON) -m pytest -n 2 --ignore=tests/browser || status=$$?; \
	$(PYTHON) -m pytest tests/browser || status=$$?; \
	exit $$status

.PHONY: check
check: development $(CATALOGUES) ## Check format, lint, types, layers, migrations, translations, templates, deployment
	@$(MAKE) --keep-going check-format check-lint check-types check-layers \
		check-migrations check-translations check-templates check-deploy

.PHONY: check-format check-lint check-types check-layers check-migrations
check-format:
	.venv/bin/ruff format --check .
check-lint:
	.venv/bin/ruff check .
check-types:
	$(AS_IN_PRODUCTION) .venv/bin/mypy .
check-layers:
	.venv/bin/lint-imports
check-migrations:
	$(PYTHON) manage.py makemigrations --check --dry-run

.PHONY: check-translations check-templates check-deploy
check-translations:
	$(PYTHON) manage.py check_translations
check-templates:
	.venv/bin/djlint templates --lint --quiet
check-deploy:
	$(AS_IN_PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING

.PHONY: bench
bench: development $(CATALOGUES) ## Measure the budgets on a province's worth of data, into var/bench.json
	@$(PYTHON) -m bench

.PHONY: fix
fix: development ## Format the code and mend what can be mended by machine
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

.PHONY: messages
messages: development ## Collect the texts to translate into locale/
	$(PYTHON) manage.py makemessages --locale id --no-obsolete --no-location --no-wrap \
		--ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*'

.PHONY: lock
lock: development ## Lock the newest allowed versions of all packages, with hashes
	.venv/bin/uv pip compile $(LOCK) requirements.in --output-file requirements.txt
	.venv/bin/uv pip compile $(LOCK) requirements-dev.in --output-file requirements-dev.txt

# For every Python and platform, and without a word of the index they came from.
LOCK := --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet

.PHONY: runtime development
runtime development:
	@deploy/setup.sh $@

%.mo: %.po | runtime
	@.venv/bin/pybabel --quiet compile --input-file $< --output-file $@
