# Every target is a line: the work is done by tools/dev (python3 tools/dev/cli.py --help).
PYTHON ?= python3
CLI = $(PYTHON) tools/dev/cli.py

.DEFAULT_GOAL := help
.PHONY: help rotate-master setup run test lint fix bench crash e2e shell reset pot screenshots guide psql

help:            ## this list
	@sed -n 's/^\([a-z0-9-]*\): *## /  make \1\t/p' Makefile
setup:           ## Odoo, packages, PostgreSQL, master key (below MAKTAB_STATE)
	@$(CLI) setup
run:             ## serve the demo on http://localhost:8069 (DEMO=0: admin alone)
	@DEMO=$(DEMO) exec $(CLI) run
test:            ## every test; A=addon, T=/tags
	@exec $(CLI) test $(if $(A),A=$(A)) $(if $(T),T=$(T))
lint:            ## style, manifests, translations
	@exec $(CLI) lint
fix:             ## what the style tools can put right by themselves
	@exec $(CLI) fix
bench:           ## benchmarks; B=name for one
	@exec $(CLI) bench $(if $(B),B=$(B)) $(if $(N),N=$(N))
crash:           ## the long kill -9 tests
	@exec $(CLI) crash
e2e:             ## browser scenarios
	@exec $(CLI) e2e
shell:           ## Odoo shell on the demo database
	@exec $(CLI) shell
psql:            ## psql on the demo database
	@exec $(CLI) psql
reset:           ## drop the demo database
	@exec $(CLI) reset
rotate-master:   ## a new master key for the demo database; S=1: what hangs on which
	@exec $(CLI) rotate-master $(if $(S),--status)
pot:             ## export the terms and update ar, fr, zgh
	@exec $(CLI) pot
screenshots:     ## the pictures of the documentation
	@exec $(CLI) screenshots
guide:           ## the pictures of the user guide, from a served demo; U=address
	@exec $(CLI) guide $(if $(U),$(U))
