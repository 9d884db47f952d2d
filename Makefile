# Everything a fresh machine needs is Python >= 3.11 with pip, make and git.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: report test check docs format structure lock messages goldens tables pages picture
report: .venv/.ready
	$(BIN)/verbundradar run || test $$? -eq 2  # came out, with warnings

test: .venv/.ready
	# In the order of the files: by number of tests the longest runs, one test each, would come last and wait for each other.
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: .venv/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m benchmarks.named_elsewhere > .venv/named_elsewhere.py
	$(BIN)/vulture
	$(BIN)/deptry .

# The documents as a site: build/site. Warnings are errors, so no link or anchor is dead. The generator lives in an
# environment of its own, so that nobody else waits for it.
docs: .venv/docs/.ready
	.venv/docs/bin/sphinx-build --quiet --fail-on-warning --keep-going --fresh-env -c docs --doctree-dir .venv/docs/doctrees . build/site
	@echo build/site/index.html

.venv/docs/.ready: .venv/.ready docs/requirements.lock
	$(BIN)/uv venv --quiet --allow-existing .venv/docs
	$(BIN)/uv pip sync --quiet --python .venv/docs/bin/python --require-hashes docs/requirements.lock
	touch $@

format: .venv/.ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The house in figures: rooms, floors and arrows of each package, lengths and parameters of its functions.
structure: .venv/.ready
	$(BIN)/python -m benchmarks.structure

# The lock carries pins and hashes but no addresses, so that it works behind any package mirror. What is pinned stays pinned
# unless it must move; `make lock UPGRADE=--upgrade` moves everything.
lock: .venv/.ready
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate $(UPGRADE) \
		--group dev --extra production --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate $(UPGRADE) \
		--group docs --constraint requirements.lock --output-file docs/requirements.lock

.venv/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	# Compiled once here, or every start would compile two thousand modules where Python may not write them itself.
	$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --editable .
	$(BIN)/python -m compileall -q assets matching pipelines reports sources
	touch $@

# Bring new texts of the reports, and those of matching that they tell, into the catalogue of every language; translate
# what is then empty.
messages: .venv/.ready
	$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keyword NN_:1,2 --no-location --sort-output \
		--output-file .venv/messages.pot matching reports
	for language in $(notdir $(wildcard reports/locales/*)); do $(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --no-wrap --omit-header \
		--domain verbundradar --locale $$language --input-file .venv/messages.pot \
		--output-file reports/locales/$$language/verbundradar.po; done

# Write the golden issues of three sample weeks anew (tests/pipelines/golden, see golden_form.py); review what changed.
goldens: .venv/.ready
	RENEW_GOLDENS=1 $(BIN)/pytest -q tests/pipelines/test_run.py -k reviewed_issues
	git diff --stat -- tests/pipelines/golden

# Write anew what follows from the code: the tables of the registry of platforms in README and docs, that of the levels
# of organisations, and the tables of what each platform's sample is read as (tests/sources/platforms/golden); review what changed before it is kept.
tables: .venv/.ready
	RENEW_GOLDENS=1 $(BIN)/pytest -q tests/test_readme.py tests/sources/platforms/test_golden.py \
		tests/reports/test_organisation_page.py
	git status --short -- README.md docs/platforms.md docs/organisations.md tests/sources/platforms/golden

# Write anew the pages that show concepts and recipes: docs/taxonomy.md and docs/recipes.<language>.md; docs/messages.md,
# docs/privacy.md and docs/data-dictionary.md.
pages: .venv/.ready
	RENEW_GOLDENS=1 $(BIN)/pytest -q tests/reports/test_taxonomy.py tests/reports/test_recipes.py -k repository
	RENEW_GOLDENS=1 $(BIN)/pytest -q tests/pipelines/test_messages.py tests/pipelines/test_register.py \
		tests/pipelines/test_dictionary.py
	git status --short -- docs

# Write the picture of page 1 in README anew, from six weeks of the samples; needs what PDF copies need, and poppler-utils.
picture: .venv/.ready
	rm -rf .venv/picture  # or what changed since would be told as a correction
	$(BIN)/verbundradar run --week 2020-W13..2020-W18 --store .venv/picture || test $$? -eq 2
	$(BIN)/verbundradar archive --store .venv/picture
	pdftoppm -r 84 -gray -f 1 -l 1 -x 25 -y 25 -W 645 -H 760 -singlefile -png \
		.venv/picture/reports/lagebild/2020-W18/lagebild.de.pdf docs/page-1
