# Every target works on a fresh clone: .venv is made when it is missing and remade when the locks change.
# ENV, TARGET and ARGS are given on the command line: make verify ENV=prod ARGS="--format json".

ENV    = local
TARGET =
ARGS   =

SHELL         := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

VENV    := .venv
STAMP   := $(VENV)/.installed
PYTHON  := $(VENV)/bin/python
TAGRAIL := $(VENV)/bin/tagrail
PIP     := $(PYTHON) -m pip --disable-pip-version-check --quiet --quiet
LOCKS   := requirements/build.txt requirements/dev.txt
CHECKED  = $(if $(findstring command line,$(origin ENV)),$(ENV),$(patsubst envs/%/env.yaml,%,$(wildcard envs/*/env.yaml)))
FAST     = not terraform and not emulator and not processes and not thorough and not checkov and not installation
CHECKED_PLANS = $(wildcard .tagrail/check/*.json)
SCOPE    = --env $(ENV) $(if $(TARGET),--target $(TARGET))

.PHONY: help venv validate plan apply verify destroy rehearse explain emulator-stop doctor lint check audit test test-fast test-localstack bench-audit bench-check bench-costs bench-cycle aws-facts guardrail-facts bench-effective schemas docs lock lock-localstack lock-checkov tag-policy-types type-facts

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'
	@echo "  variables        ENV=$(ENV) TARGET=$(TARGET) ARGS=$(ARGS)"

venv: $(STAMP) ## make .venv from the hashed locks

validate: $(STAMP) ## check dictionary and environments, without AWS
	@$(TAGRAIL) validate $(ARGS)

plan: $(STAMP) ## show what an apply would change
	@$(TAGRAIL) plan $(SCOPE) $(ARGS)

apply: $(STAMP) ## plan, show, apply that very plan, verify
	@$(TAGRAIL) apply $(SCOPE) $(ARGS)

verify: $(STAMP) ## compare what AWS holds with what the dictionary says
	@$(TAGRAIL) verify $(SCOPE) $(ARGS)

destroy: $(STAMP) ## remove what apply made; billing history stays
	@$(TAGRAIL) destroy $(SCOPE) $(ARGS)

rehearse: $(STAMP) ## apply ENV to an emulator that holds a snapshot of its organisation; say what changes
	@$(TAGRAIL) rehearse --env $(ENV) $(ARGS)

explain: $(STAMP) ## what is enforced where, and why not elsewhere
	@$(TAGRAIL) explain --env $(ENV) $(ARGS)

emulator-stop: $(STAMP) ## stop the emulator of ENV
	@$(TAGRAIL) emulator stop --env $(ENV) $(ARGS)

doctor: $(STAMP) ## what is installed; with ENV given, what is reachable and allowed
	@$(TAGRAIL) doctor $(if $(findstring command line,$(origin ENV)),--env $(ENV)) $(ARGS)

lint: $(STAMP) ## style, types, formats, generated files
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	"$$($(PYTHON) -c 'from harness.toolchain import find_terraform; print(find_terraform().path)')" fmt -check -recursive
	$(PYTHON) -m harness.module_docs --check
	$(PYTHON) -m harness.facts_refresh --check
	$(PYTHON) -m harness.guardrail_facts --check
	$(PYTHON) -m harness.lint_docs --check
	$(TAGRAIL) schemas --check

check: $(STAMP) ## plan ENV, or every environment, as if nothing were there, and check the plans
	@worst=0; mkdir -p .tagrail/check; for env in $(CHECKED); do echo "planning envs/$$env" >&2; \
	  if ! $(TAGRAIL) plan --env "$$env" --fresh --out ".tagrail/check/$$env.json" 2> ".tagrail/check/$$env.log"; \
	  then cat ".tagrail/check/$$env.log" >&2; exit 2; fi; \
	  $(TAGRAIL) check ".tagrail/check/$$env.json" --dictionary envs/tags.yaml --source "envs/$$env" \
	    --title "envs/$$env" $(ARGS) || { code=$$?; test $$code -le $$worst || worst=$$code; }; \
	done; exit $$worst

audit: $(STAMP) ## checkov over modules/, envs/ and the plans of make check; with ENV given, its live accounts too
	@$(if $(CHECKED_PLANS),,echo "no plans in .tagrail/check, so none are audited; make check leaves them there" >&2)
	@$(TAGRAIL) audit $(CHECKED_PLANS:%=--plan %) $(if $(findstring command line,$(origin ENV)),$(SCOPE)) $(ARGS)

# Long files come first, and more of them at once than there are processors: much of an apply is waiting.
test: $(STAMP) ## every test, on the emulator
	$(PYTHON) -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

test-fast: $(STAMP) ## unit, repo and contract tests that need neither terraform nor an emulator
	$(PYTHON) -m pytest -n logical --dist worksteal --hypothesis-profile fast -m "$(FAST)" tests/unit tests/repo $(wildcard tests/contracts) $(ARGS)

test-localstack: $(STAMP) ## the tests of tests/e2e once more, on LocalStack
	$(PYTHON) -m pytest -n 3 --dist loadfile tests/e2e --on localstack $(ARGS)

bench-audit: $(STAMP) ## an audit of 100,000 and 1,000,000 resources in 400 accounts, against a server that answers at once
	$(PYTHON) -m tests.bench.audit $(ARGS)

bench-cycle: $(STAMP) ## plan to destroy of ENV=local: tagrail against plain terraform and tftest (15 minutes)
	$(PYTHON) -m tests.bench.cycle $(ARGS)

bench-check: $(STAMP) ## tagrail check on plans of 1,000 to 100,000 resources, beside Rego and checkov (3 minutes)
	$(PYTHON) -m tests.bench.check $(ARGS)

bench-costs: $(STAMP) ## tagrail costs on bills of 1 and 10 million lines, beside plain SQL and pandas (10 minutes)
	$(PYTHON) -m tests.bench.costs $(ARGS)

bench-effective: $(STAMP) ## effective tag policies of 10,000 accounts: seconds and MiB
	$(PYTHON) -m tests.bench.effective $(ARGS)

aws-facts: $(STAMP) ## renew modules/aws-facts.yaml from botocore, and name the pages to read again
	$(PYTHON) -m harness.facts_refresh $(ARGS)

guardrail-facts: $(STAMP) ## write modules/tag-guardrail/actions.yaml from IAM's reference
	$(PYTHON) -m harness.guardrail_facts $(ARGS)

type-facts: $(STAMP) ## write harness/data/resource-types.json from the schemas of provider and CloudFormation
	$(PYTHON) -m harness.type_facts_refresh $(ARGS)

schemas: $(STAMP) ## generate envs/*.schema.json
	$(TAGRAIL) schemas

docs: $(STAMP) ## generate the tables in modules/*/README.md and of the lint rules
	$(PYTHON) -m harness.module_docs
	$(PYTHON) -m harness.lint_docs

tag-policy-types: $(STAMP) ## rebuild the tag-policy types from a saved copy of AWS's page: PAGE=file ARGS="--date 2027-02"
	$(PYTHON) -m harness.tag_policy_page $(PAGE) $(ARGS)

COMPILER = $(VENV)/bin/pip-compile
# Pins are those of the public index, whatever pip is configured with here; ARGS=--upgrade takes newer ones.
lock: $(STAMP) ## pin requirements/*.txt from pyproject.toml
	$(call compile,build,p["build-system"]["requires"])
	$(call compile,run,p["project"]["dependencies"])
	$(call compile,check,p["dependency-groups"]["check"],--constraint requirements/run.txt)
	$(call compile,dev,p["project"]["dependencies"] + p["dependency-groups"]["dev"],--constraint requirements/run.txt)

# It runs on Python 3.13 alone, so its pins are those of that version (make lock-localstack PYTHON313=...).
PYTHON313 = python3.13
lock-localstack: COMPILER = .venv-lock/bin/pip-compile
lock-localstack: $(STAMP) ## pin harness/data/localstack.txt from pyproject.toml, with Python 3.13
	$(PYTHON313) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip --quiet install --require-hashes --requirement requirements/build.txt
	.venv-lock/bin/python -m pip --quiet install --require-hashes --no-build-isolation --requirement requirements/dev.txt
	@cp harness/data/localstack.txt requirements/localstack.txt
	$(call compile,localstack,p["dependency-groups"]["localstack"])
	@sed '1s/make lock/make lock-localstack/' requirements/localstack.txt > harness/data/localstack.txt
	@rm -r requirements/localstack.txt .venv-lock

lock-checkov: $(STAMP) ## pin harness/data/checkov.txt from pyproject.toml
	@cp harness/data/checkov.txt requirements/checkov.txt
	$(call compile,checkov,p["dependency-groups"]["checkov"])
	@sed '1s/make lock/make lock-checkov/' requirements/checkov.txt > harness/data/checkov.txt
	@rm requirements/checkov.txt

define compile
@echo "locking requirements/$(1).txt"
@$(PYTHON) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb")); print(*$(2), sep="\n")' | \
  env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL -u PIP_CONSTRAINT PIP_CONFIG_FILE=/dev/null \
  $(COMPILER) - --output-file requirements/$(1).txt $(3) --quiet --generate-hashes --allow-unsafe \
  --strip-extras --no-annotate --no-header --no-emit-index-url --no-emit-find-links $(ARGS)
@{ echo "# Generated by make lock from pyproject.toml; do not edit."; sed '/^#/d' requirements/$(1).txt; } > requirements/$(1).tmp
@mv requirements/$(1).tmp requirements/$(1).txt
endef

# The build tools come first and hashed as well: with build isolation pip would fetch them without a hash.
$(STAMP): $(LOCKS) pyproject.toml
	@python=; for name in python3.13 python3.12 python3.11 python3; do \
	  if $$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then python=$$name; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "python3: must be >= 3.11 with venv and ensurepip; got $$(python3 --version 2>/dev/null || echo none)." \
	    "Do install python3.11 or newer (Debian, Ubuntu: python3-venv as well)" >&2; exit 2; fi; \
	$(PYTHON) -c 'import pip' 2>/dev/null || { \
	  echo "making $(VENV) with $$($$python --version); this takes a minute" >&2; $$python -m venv --clear $(VENV); }
	@$(PIP) install --require-hashes --requirement requirements/build.txt
	@$(PIP) install --require-hashes --no-build-isolation --requirement requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
