"""lineage: a million nodes, 1.05 million edges, ids of thirty characters.

Twice: one family, whose root all others descend from, and many families, of
which the largest holds a twelfth of the nodes. The goals are for the first. In
the second a recursive query over an index reads that twelfth only, whereas an
aggregate reads every row.

Against: the recursive query over an index by its best plan, DuckDB with one
thread over the same text ids (npm's @duckdb/node-api), count(*) of the same rows.
"""
import os

from lib import TOP, Session, Table, duckdb, medians

NODES = int(os.environ.get("BENCH_LINEAGE_NODES", "1000000"))
MERGES = NODES // 20

# Every node after the first ones has a parent before it; one in twenty has a
# second. How many have none, and where the parent stands among those before:
SHAPES = {
    "one family": (1, "random()"),
    "many families": (NODES // 500, "power(random(), 3)"),  # early ones more often
}

LOAD = """
SELECT setseed(0.5);
CREATE TABLE node AS
SELECT i, substr(md5(i::text), 1, 8) || '/model-' || lpad(i::text, 15, '0') AS id
FROM generate_series(1, {nodes}) i;
ALTER TABLE node ADD PRIMARY KEY (i);
CREATE TABLE pair AS
SELECT i AS child, CASE WHEN i > {roots} THEN 1 + floor((i - 1) * {place})::int END AS parent
FROM generate_series(1, {nodes}) i
UNION ALL
SELECT i, 1 + floor((i - 1) * random())::int
FROM (SELECT {roots} + 1 + floor(random() * ({nodes} - {roots}))::int AS i FROM generate_series(1, {merges}) n) q;
CREATE TABLE edge AS
SELECT c.id AS child, p.id AS parent
FROM pair JOIN node c ON c.i = pair.child LEFT JOIN node p ON p.i = pair.parent
ORDER BY pair.child;
CREATE INDEX ON edge (parent, child);
CREATE TABLE kept AS SELECT lineage_agg(child, parent) AS l FROM edge;
VACUUM ANALYZE edge;
"""

RECURSIVE = """WITH RECURSIVE below(id) AS (
  SELECT child FROM edge WHERE parent = '%s'
  UNION SELECT e.child FROM below b JOIN edge e ON e.parent = b.id)
SELECT count(*) FROM below WHERE id <> '%s'"""


ALL_NODES = "SELECT count(*), sum((n).descendants) FROM (SELECT lineage_nodes(%s) AS n FROM %s) q"
ALL_IN_FROM = "SELECT count(*), sum(descendants) FROM (SELECT lineage_agg(child, parent) AS l FROM edge) q, lineage_nodes(l)"
ONE_STEP = "SELECT lineage_descendants(child, parent, '%s') FROM edge"
ASKED = "SELECT sum(lineage_descendants(l, id)) FROM kept, (SELECT id FROM asked LIMIT %d) q"


class Recursive:
    """The recursive query by its best plan. A large work_mem makes it slow: the hash table of its UNION is
    made for as many rows as the planner fears."""

    def __init__(self, db, sql):
        self.db, self.sql = db, sql
        self.best = min([(join, memory) for join in ("hashjoin", "nestloop") for memory in ("4MB", "64MB", "1GB")],
                        key=self.by)

    def by(self, plan):
        join, memory = plan
        self.db.run("BEGIN; SET LOCAL work_mem = '%s'" % memory)
        for other in {"hashjoin", "mergejoin", "nestloop"} - {join}:
            self.db.run("SET LOCAL enable_%s = off" % other)
        took = self.db.time(self.sql)
        self.db.run("COMMIT")
        return took

    def time(self):
        return self.by(self.best)


def compare(db, shape):
    roots, place = SHAPES[shape]
    csv = os.path.join(TOP, "build", "bench_lineage.csv")
    load = LOAD.format(nodes=NODES, merges=MERGES, roots=roots, place=place)
    for statement in filter(str.strip, load.split(";\n")):
        db.run(statement)
    db.run("COPY edge TO '%s' (FORMAT csv)" % csv)
    root, size = db.run("SELECT id, descendants FROM kept, lineage_nodes(l) ORDER BY descendants DESC LIMIT 1").split("|")
    cte = RECURSIVE % (root, root)
    one_step = ONE_STEP % root
    other = duckdb("edge", csv, child="VARCHAR", parent="VARCHAR")
    if db.run(one_step) != size or db.run(cte) != size or (other and other.run(cte)[1] != size):
        raise SystemExit("the sides differ about the descendants of " + root)
    db.run("CREATE TABLE asked AS SELECT id FROM node ORDER BY i LIMIT 1000")
    recursive = Recursive(db, cte)

    sides = {
        "one step": lambda: db.time(one_step),
        "recursive": recursive.time,
        "all from rows": lambda: db.time(ALL_NODES % ("lineage_agg(child, parent)", "edge")),
        "all in from": lambda: db.time(ALL_IN_FROM),
        "all from kept": lambda: db.time(ALL_NODES % ("l", "kept")),
        "transition": lambda: db.time(ONE_STEP % "nobody"),
        "count": lambda: db.time("SELECT count(*) FROM edge"),
        "one root": lambda: db.time(ASKED % 1),
        "1000 roots": lambda: db.time(ASKED % 1000),
    }
    if other:
        sides["duckdb"] = lambda: other.time(cte)
    took = medians(sides, int(os.environ.get("BENCH_ROUNDS", "5")))
    memory = db.run("SELECT pg_size_pretty(pg_column_size(l)::bigint) FROM kept")
    if other:
        other.close()
    os.unlink(csv)
    db.run("DROP TABLE node, pair, edge, kept, asked")

    table = Table("lineage, %s: %s nodes, largest root with %s descendants, summary stored in %s; recursive query with %s, work_mem %s"
                  % (shape, NODES, size, memory, *recursive.best))

    def goal(value):
        return value if shape == "one family" else None

    table.ratio("largest root, one step / recursive query", took["one step"], took["recursive"], at_least=goal(8))
    if other:
        table.ratio("largest root, one step / DuckDB one thread", took["one step"], took["duckdb"], at_most=goal(0.8))
    table.ratio("all nodes from rows / recursive query for one root", took["all from rows"], took["recursive"], at_most=goal(0.2))
    table.ratio("the same in a FROM clause, which keeps the rows", took["all in from"], took["recursive"])
    table.ratio("all nodes from a stored summary / the same", took["all from kept"], took["recursive"])
    if other:
        table.ratio("all nodes from rows / DuckDB for one root", took["all from rows"], took["duckdb"], at_most=goal(1.2))
        table.ratio("all nodes from a stored summary / the same", took["all from kept"], took["duckdb"])
    table.ratio("transition / count(*)", took["transition"], took["count"], at_most=8)
    table.ratio("1000 roots of a stored summary / one", took["1000 roots"], took["one root"], at_most=100)
    table.print()


def main():
    with Session(["work_mem = '1GB'", "max_parallel_workers_per_gather = 0", "jit = off"]) as db:
        db.run("CREATE EXTENSION IF NOT EXISTS pghub")
        for shape in SHAPES:
            compare(db, shape)


if __name__ == "__main__":
    main()
