# How the tests run: a private copy of the server, a private socket, a user
# that is not root.

PRIVATE     = build/private
PRIVATE_BIN = $(shell $(PG_CONFIG) --bindir | sed 's|^|$(CURDIR)/$(PRIVATE)|')
REGRESS_SQL = $(patsubst sql/%.sql,%,$(sort $(wildcard sql/*.sql)))
TAP_TESTS_  = $(sort $(wildcard test/t/*.pl))

.PHONY: private regress tap pgtap
private: all
	PG_CONFIG=$(PG_CONFIG) scripts/private-install $(PRIVATE)

# make regress            all of sql/
# make regress REGRESS_SQL='one two'
regress: private
	scripts/as-tester $(CURDIR)/build scripts/run-regress $(PRIVATE_BIN) $(REGRESS_SQL)

# make tap TAP_TESTS_=test/t/010_x.pl
tap: private
	scripts/as-tester $(CURDIR)/build scripts/run-tap $(PRIVATE_BIN) $(TAP_TESTS_)
