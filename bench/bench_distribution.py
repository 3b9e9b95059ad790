"""distribution beside sum, percentile_disc, window functions and DuckDB.

BENCH_ROWS (2,500,000) sets the size.
"""
import os
import re
import sys

from lib import Session, Table, duckdb, medians

ROWS = int(os.environ.get("BENCH_ROWS", "2500000"))
SETUP = """
SELECT setseed(0.42);
-- heavy-tailed counts as a hub has them: two fifths zeros, a body, a Pareto tail
CREATE TABLE t AS
SELECT v, v::double precision AS f, v::numeric AS n, (random() * 200000)::int AS owner,
	(random() * 65499)::bigint AS near, (random() * 2e9)::bigint AS past, random() * 1e6 AS real
FROM (SELECT CASE WHEN u < 0.4 THEN 0 WHEN u < 0.95 THEN exp(3 + 2 * (random() + random() + random() - 1.5))::bigint
		ELSE (200 * (1 - random()) ^ (-1 / 0.8))::bigint END AS v
	FROM (SELECT random() AS u FROM generate_series(1, %d)) s) q;
VACUUM (ANALYZE) t;
""" % ROWS

DUCKDB_QUERIES = {
    "gini": "WITH q AS (SELECT v, row_number() OVER (ORDER BY v) AS i, count(*) OVER () AS n, sum(v) OVER () AS s FROM t) "
            "SELECT sum((2 * i - n - 1)::DOUBLE * v) / (max(n)::DOUBLE * max(s)) FROM q",
    "gini of counted values": "WITH c AS (SELECT v, count(*) AS c FROM t GROUP BY v), "
            "q AS (SELECT v, c, sum(c) OVER (ORDER BY v) AS upto, sum(c) OVER () AS n, sum(v * c) OVER () AS s FROM c) "
            "SELECT sum((2 * upto - c - n)::DOUBLE * v * c) / (max(n)::DOUBLE * max(s)) FROM q",
    "median": "SELECT quantile_disc(v, 0.5) FROM t",
}
WINDOW_SQL = """
WITH q AS (SELECT v, row_number() OVER (ORDER BY v) AS i, count(*) OVER () AS n, sum(v) OVER () AS s FROM t)
SELECT sum((2 * i - n - 1)::double precision * v) / (max(n)::double precision * max(s)::double precision) FROM q"""
SERIAL = ("max_parallel_workers_per_gather = 0", "work_mem = '1GB'", "jit = off")


def serial(table):
    with Session(SERIAL) as db:
        def lines(*pairs):
            took = medians({sql: (lambda sql=sql: db.time(sql)) for pair in pairs for sql in pair[1:3]})
            for name, ours, theirs, goal in pairs:
                table.ratio(name, took[ours], took[theirs], **goal)
        lines(*[("`%s`, bigint / `sum`" % call, "SELECT %s FROM t" % call, "SELECT sum(v) FROM t", {"at_most": 1.25})
                for call in ("pareto_share(v, 0.01)", "gini(v)", "median(distribution_agg(v))")])
        lines(("`gini`, bigint just under the cap / `sum`", "SELECT gini(near) FROM t", "SELECT sum(near) FROM t", {"at_most": 1.4}),
              ("`gini`, bigint past the cap / `sum`", "SELECT gini(past) FROM t", "SELECT sum(past) FROM t", {}),
              ("`gini`, double precision past the cap / `sum`", "SELECT gini(real) FROM t", "SELECT sum(real) FROM t", {}))
        lines(("`gini`, double precision / `sum`", "SELECT gini(f) FROM t", "SELECT sum(f) FROM t", {"at_most": 1.3}),
              ("`gini`, numeric / `sum`", "SELECT gini(n) FROM t", "SELECT sum(n) FROM t", {"at_most": 1.3}))
    # as the server comes: these sort
    with Session(("max_parallel_workers_per_gather = 0",)) as db:
        took = medians({"gini": lambda: db.time("SELECT gini(v) FROM t"),
                        "window": lambda: db.time(WINDOW_SQL),
                        "median": lambda: db.time("SELECT median(distribution_agg(v)) FROM t"),
                        "percentile_disc": lambda: db.time("SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY v) FROM t")}, rounds=3)
        table.ratio("`gini` against window functions", took["gini"], took["window"], at_least=12)
        table.ratio("`median` against `percentile_disc`", took["median"], took["percentile_disc"], at_least=1)


def rival(table):
    path = os.path.join(os.environ.get("TMPDIR", "/tmp"), "pghub_bench_%d.csv" % os.getpid())
    with Session(SERIAL) as db:
        db.run("\\copy t (v) TO '%s' (FORMAT csv)" % path)
        other = duckdb("t", path, v="BIGINT")
        os.unlink(path)
        if other is None:
            return
        sides = {name: lambda sql=sql: other.time(sql) for name, sql in DUCKDB_QUERIES.items()}
        sides["our gini"] = lambda: db.time("SELECT gini(v) FROM t")
        sides["our median"] = lambda: db.time("SELECT median(distribution_agg(v)) FROM t")
        took = medians(sides, rounds=5)
        other.close()
    for name in DUCKDB_QUERIES:
        table.ratio("`%s` / the same in DuckDB, one thread" % name, took["our " + name.split()[0]], took[name])


def grouped(table):
    # the answer is counted: the planner leaves out what nobody reads
    query = "SELECT count(x) FROM (SELECT owner, %s(v) AS x FROM t GROUP BY owner OFFSET 0) q"
    for work_mem in ("4MB", "1GB"):
        with Session(SERIAL + ("work_mem = '%s'" % work_mem, "enable_sort = off")) as db:
            took = medians({call: (lambda call=call: db.time(query % call)) for call in ("gini", "sum")})
            # what the executor itself counted
            memory = {call: int(re.search(r"Memory Usage: (\d+)kB", db.run("EXPLAIN (ANALYZE, COSTS OFF) " + query % call)).group(1))
                      for call in ("gini", "sum")}
        table.ratio("`gini` by 200,000 owners, work_mem %s / `sum`" % work_mem, took["gini"], took["sum"], at_most=1.4)
        table.value("its memory / that of `sum`", memory["gini"] / memory["sum"], at_most=2,
                    note="%.0f / %.0f MB" % (memory["gini"] / 1024, memory["sum"] / 1024))


def parallel(table):
    settings = ("parallel_setup_cost = 0", "parallel_tuple_cost = 0", "min_parallel_table_scan_size = 0", "jit = off")
    with Session(settings) as db:
        for column, goal in (("v", 0.85), ("near", 0.7), ("past", 0.7)):
            sides = {}
            for call in ("gini", "sum"):
                for workers in (0, 2):
                    def run(call=call, workers=workers):
                        db.run("SET max_parallel_workers_per_gather = %d" % workers)
                        return db.time("SELECT %s(%s) FROM t" % (call, column))
                    sides[call, workers] = run
            took = medians(sides)
            ours = took["gini", 0] / took["gini", 2]
            theirs = took["sum", 0] / took["sum", 2]
            table.value("2 workers, `gini(%s)`: speed-up / that of `sum`" % column, ours / theirs, at_least=goal,
                        note="%.2f / %.2f" % (ours, theirs))


def moving(table):
    with Session(SERIAL) as db:
        # the transition alone: the same functions under a final one that does nothing
        for name, extra in (("moving_distribution", ""),):
            db.run("CREATE AGGREGATE %s(bigint) (SFUNC = distribution_add, STYPE = distribution_summary, FINALFUNC = pg_typeof, "
                   "MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove, MSTYPE = distribution_summary, "
                   "MFINALFUNC = pg_typeof, MINITCOND = 'distribution:RAEAAAA=')" % name)
        db.run("CREATE TABLE w AS SELECT v, row_number() OVER () AS i FROM t LIMIT 200000")
        for frame in (100, 1000, 10000):
            query = "SELECT count(x) FROM (SELECT %s(v) OVER (ORDER BY i ROWS %d PRECEDING) AS x FROM w OFFSET 0) q"
            took = medians({call: (lambda call=call: db.time(query % (call, frame))) for call in ("moving_distribution", "sum")}, rounds=5)
            table.ratio("moving window, frame of %d, transition / `sum`" % frame, took["moving_distribution"], took["sum"], at_most=1.2)


def main():
    with Session() as db:
        db.run("CREATE EXTENSION pghub")
        db.run(SETUP)
    table = Table("distribution, %s rows" % format(ROWS, ","))
    parts = {"serial": serial, "duckdb": rival, "grouped": grouped, "parallel": parallel, "moving": moving}
    for name in os.environ.get("BENCH_PARTS", " ".join(parts)).split():
        parts[name](table)
    table.print()


main()
