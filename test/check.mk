# How the tests run: a private copy of the server, a private socket, a user
# that is not root.

PRIVATE     = build/private
PRIVATE_BIN = $(shell $(PG_CONFIG) --bindir | sed 's|^|$(CURDIR)/$(PRIVATE)|')
REGRESS_SQL = $(patsubst sql/%.sql,%,$(sort $(wildcard sql/*.sql)))
TAP_TESTS_  = $(sort $(wildcard test/t/*.pl))

# Modules that only tests load.
.PHONY: probe
probe: private
	for module in test/modules/*/; do \
		$(MAKE) -s -C $$module install PG_CONFIG=$(PRIVATE_BIN)/pg_config >/dev/null || exit 1; done
	mkdir -p build/fault
	$(CC) -O1 -shared -fPIC -o build/fault/slow_dns.so test/fault/slow_dns.c -ldl
	$(CC) -O1 -shared -fPIC -o build/fault/fake_dns.so test/fault/fake_dns.c -ldl
	$(CC) -O1 -I$(shell $(PG_CONFIG) --includedir) -o build/fault/cancel_time test/fault/cancel_time.c -lpq

PGTAP_TESTS = $(sort $(wildcard test/pgtap/*.sql))
# the cookbook needs a Hub, and has a test of its own
DOC_PAGES   = docs/functions.md $(sort $(filter-out docs/functions.md docs/cookbook.md,$(wildcard docs/*.md)))

.PHONY: private regress tap pgtap doctest
private: all
	+PG_CONFIG=$(PG_CONFIG) scripts/private-install $(PRIVATE)

# make regress            all of sql/
# make regress REGRESS_SQL='one two'
regress: private
	scripts/as-tester $(CURDIR)/build scripts/run-regress $(PRIVATE_BIN) $(REGRESS_SQL)

# make tap TAP_TESTS_=test/t/010_x.pl
tap: private probe
	scripts/as-tester $(CURDIR)/build scripts/run-tap $(PRIVATE_BIN) $(TAP_TESTS_)

# make pgtap PGTAP_TESTS=test/pgtap/x.sql
pgtap: private
	scripts/as-tester $(CURDIR)/build scripts/with-server $(PRIVATE_BIN) build/pgtap scripts/run-pgtap $(PGTAP_TESTS)

# make doctest            the examples of the pages; DOCTEST_UPDATE=1 writes the answers
doctest: private
	scripts/as-tester $(CURDIR)/build scripts/with-server $(PRIVATE_BIN) build/doctest scripts/doctest $(DOC_PAGES)

.PHONY: print-bindir print-version print-pg-config
print-pg-config:
	@echo $(PG_CONFIG)
print-version:
	@$(PG_CONFIG) --version
print-bindir:
	@echo $(PRIVATE_BIN)

# make bench BENCHES=bench/bench_x.py   ratios against peers, from one run
BENCHES    = $(sort $(wildcard bench/bench_*.py))
BENCH_CONF = shared_buffers = 512MB\nmax_wal_size = 4GB\nautovacuum = off\njit = off
.PHONY: bench
bench: private
	for bench in $(BENCHES); do \
		SERVER_CONF="$$(printf '$(BENCH_CONF)')" scripts/as-tester $(CURDIR)/build \
			scripts/with-server $(PRIVATE_BIN) build/bench python3 $$bench || exit 1; \
	done

# docs/tables.md comes out of the catalogue, which needs no server, the cookbook
# out of its queries (test/t/314_hub_cookbook.pl runs them).
.PHONY: docs check-docs build/tables.md
build/tables.md:
	mkdir -p build
	$(CC) -std=gnu99 -Wall -Wextra -Wno-missing-field-initializers -Isrc -o build/tables_page scripts/tables_page.c $(wildcard src/hub/catalogue*.c)
	build/tables_page > $@
docs: build/tables.md
	cp build/tables.md docs/tables.md
	scripts/cookbook-page examples/cookbook.sql > docs/cookbook.md
check-docs: build/tables.md
	scripts/cookbook-page examples/cookbook.sql > build/cookbook.md
	diff -u docs/tables.md build/tables.md && diff -u docs/cookbook.md build/cookbook.md || { echo 'not current: run "make docs"'; exit 1; }

# make fuzz FUZZ_SECONDS=10   the pure parts under libFuzzer, each so long
FUZZ_SECONDS = 10
.PHONY: fuzz sqlsmith check-upgrade
fuzz:
	scripts/fuzz $(FUZZ_SECONDS)
# make sqlsmith SQLSMITH_SECONDS=60   random queries, none may crash the server
SQLSMITH_SECONDS = 60
sqlsmith: private
	scripts/as-tester $(CURDIR)/build scripts/with-server $(PRIVATE_BIN) build/sqlsmith scripts/sqlsmith $(SQLSMITH_SECONDS)
check-upgrade: private
	scripts/as-tester $(CURDIR)/build scripts/with-server $(PRIVATE_BIN) build/upgrade scripts/check-upgrade
