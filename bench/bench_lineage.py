"""lineage: a million nodes, 1.05 million edges, ids of thirty characters.

Against: the recursive query over an index by its best plan, DuckDB with one
thread over the same text ids (npm's @duckdb/node-api), count(*) of the same rows.
"""
import os

from lib import TOP, Session, Table, duckdb, medians

NODES = int(os.environ.get("BENCH_LINEAGE_NODES", "1000000"))
ROOTS = NODES // 500
MERGES = NODES // 20

# Every node after the first ones has a parent before it, early ones more
# often; one in twenty has a second.
LOAD = f"""
CREATE EXTENSION IF NOT EXISTS pghub;
SELECT setseed(0.5);
CREATE TABLE node AS
SELECT i, substr(md5(i::text), 1, 8) || '/model-' || lpad(i::text, 15, '0') AS id
FROM generate_series(1, {NODES}) i;
ALTER TABLE node ADD PRIMARY KEY (i);
CREATE TABLE pair AS
SELECT i AS child, CASE WHEN i > {ROOTS} THEN 1 + floor((i - 1) * power(random(), 3))::int END AS parent
FROM generate_series(1, {NODES}) i
UNION ALL
SELECT i, 1 + floor((i - 1) * random())::int
FROM (SELECT {ROOTS} + 1 + floor(random() * ({NODES} - {ROOTS}))::int AS i FROM generate_series(1, {MERGES}) n) q;
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


def main():
    csv = os.path.join(TOP, "build", "bench_lineage.csv")
    with Session(["work_mem = '1GB'", "max_parallel_workers_per_gather = 0", "jit = off"]) as db:
        for statement in filter(str.strip, LOAD.split(";\n")):
            db.run(statement)
        db.run("COPY edge TO '%s' (FORMAT csv)" % csv)
        root, size = db.run("SELECT id, descendants FROM kept, lineage_nodes(l) ORDER BY descendants DESC LIMIT 1").split("|")
        cte = RECURSIVE % (root, root)
        one_step = "SELECT lineage_descendants(child, parent, '%s') FROM edge" % root
        all_nodes = "SELECT count(*), sum(descendants) FROM lineage_nodes((SELECT %s))"
        from_rows = all_nodes % "lineage_agg(child, parent) FROM edge"
        from_kept = all_nodes % "l FROM kept"
        one_by_one = ("SELECT count(*), sum((n).descendants) FROM ("
                      "SELECT lineage_nodes(lineage_agg(child, parent)) AS n FROM edge) q")
        other = duckdb("edge", csv, child="VARCHAR", parent="VARCHAR")
        if db.run(one_step) != size or db.run(cte) != size or (other and other.run(cte)[1] != size):
            raise SystemExit("the sides differ about the descendants of " + root)
        db.run("CREATE TABLE asked AS SELECT id FROM node ORDER BY i LIMIT 1000")
        asked = "SELECT sum(lineage_descendants(l, id)) FROM kept, (SELECT id FROM asked LIMIT %d) q"

        def by_plan(hashed):
            db.run("SET enable_hashjoin = %s; SET enable_mergejoin = off" % hashed)
            took = db.time(cte)
            db.run("RESET enable_hashjoin; RESET enable_mergejoin")
            return took

        best_plan = min(("off", "on"), key=by_plan)

        sides = {
            "one step": lambda: db.time(one_step),
            "recursive": lambda: by_plan(best_plan),
            "all from rows": lambda: db.time(from_rows),
            "all from kept": lambda: db.time(from_kept),
            "one by one": lambda: db.time(one_by_one),
            "transition": lambda: db.time("SELECT lineage_descendants(child, parent, 'nobody') FROM edge"),
            "count": lambda: db.time("SELECT count(*) FROM edge"),
            "one root": lambda: db.time(asked % 1),
            "1000 roots": lambda: db.time(asked % 1000),
        }
        if other:
            sides["duckdb"] = lambda: other.time(cte)
        took = medians(sides, int(os.environ.get("BENCH_ROUNDS", "3")))
        memory = db.run("SELECT pg_size_pretty(pg_column_size(l)::bigint) FROM kept")
        if other:
            other.close()
    os.unlink(csv)

    table = Table("lineage, %s nodes, largest root with %s descendants, summary stored in %s" % (NODES, size, memory))
    table.ratio("largest root, one step / recursive query", took["one step"], took["recursive"], at_least=8)
    if other:
        table.ratio("largest root, one step / DuckDB one thread", took["one step"], took["duckdb"], at_most=0.8)
    table.ratio("all nodes from rows / recursive query for one root", took["all from rows"], took["recursive"], at_most=0.2)
    table.ratio("the same in the list of outputs, none kept", took["one by one"], took["recursive"], at_most=0.2)
    table.ratio("all nodes from a stored summary / the same", took["all from kept"], took["recursive"])
    if other:
        table.ratio("all nodes from rows / DuckDB for one root", took["all from rows"], took["duckdb"], at_most=1.2)
        table.ratio("the same in the list of outputs, none kept", took["one by one"], took["duckdb"], at_most=1.2)
        table.ratio("all nodes from a stored summary / the same", took["all from kept"], took["duckdb"])
    table.ratio("transition / count(*)", took["transition"], took["count"], at_most=8)
    table.ratio("1000 roots of a stored summary / one", took["1000 roots"], took["one root"], at_most=100)
    table.print()


if __name__ == "__main__":
    main()
