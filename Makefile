# pghub: the Hugging Face Hub as tables, and the statistics of its ecosystem.
#
#   make            build          make demo    the main job, readable
#   make check      the tests      make bench   ratios against peers
#   make check-hard everything else: analysis, fuzzing, sanitizers, other versions
#
# The tests never touch an installed server: they copy the server's own
# programs into build/ (they find their files relative to themselves), install
# the extension there and start servers on private sockets.

EXTENSION   = pghub
EXTVERSION  = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" pghub.control)
MODULE_big  = pghub
OBJS        = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c)))
# One SQL fragment stands beside the C file that it declares; their order is
# the order of dependence.
SQL_PARTS   = $(sort $(wildcard src/stats/*.sql)) $(sort $(wildcard src/hub/*.sql)) $(sort $(wildcard src/sync/*.sql))
DATA_built  = $(EXTENSION)--$(EXTVERSION).sql
DATA        = $(wildcard $(EXTENSION)--*--*.sql)
PGFILEDESC  = "pghub - the Hugging Face Hub as tables"

PG_CPPFLAGS = -I$(srcdir)/src
PG_CFLAGS   = -std=gnu99 -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare \
              -Wno-missing-field-initializers -Wno-declaration-after-statement
SHLIB_LINK  = -lcurl -lm
EXTRA_CLEAN = build $(DATA_built)

# The first server that came with its headers.
PG_CONFIG  ?= $(firstword $(patsubst %/lib/pgxs,%/bin/pg_config,$(wildcard /usr/lib/postgresql/*/lib/pgxs)) pg_config)
PGXS       := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
# no bitcode: nothing here is worth inlining into compiled expressions
override with_llvm = no
srcdir      = .
ifneq ($(wildcard $(PGXS)),)
include $(PGXS)
else
all install:
	@echo "no PostgreSQL server headers: run 'make deps' (Debian) or set PG_CONFIG"; exit 1
endif

# The summary types come first, each from the one template: C names them.
SUMMARY_SQL   = src/stats/summary.sql.in
SUMMARY_TYPES = $(shell sed -n 's/^SUMMARY_INPUT.\([a-z_]*\),.*/\1/p' src/stats/*.c | sort)

$(DATA_built): $(SQL_PARTS) $(SUMMARY_SQL) scripts/expand-sql $(wildcard src/stats/*.c) pghub.control
	printf '%s\n' '\echo Use "CREATE EXTENSION pghub" to load this file. \quit' > $@
	for type in $(SUMMARY_TYPES); do echo; sed "s/@type@/$$type/g" $(SUMMARY_SQL); done >> $@
	for part in $(SQL_PARTS); do echo; scripts/expand-sql $$part || exit 1; done >> $@

# every object depends on the headers: the library is small
$(OBJS): $(wildcard src/*.h src/*/*.h)

include test/check.mk
include examples/report/report.mk
