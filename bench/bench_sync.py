#!/usr/bin/env python3
"""The sync: rows a second, what a second run writes, waiting, views, storage.

The stand-in makes its pages on the same machine; what it needs for that alone
is measured by a client that only reads, and printed beside. BENCH_MODELS (100,000)
and BENCH_DAYS (10 of raw snapshots) set the size.
"""
import http.client
import os
import re
import statistics
import sys
import time
from urllib.parse import urlsplit

os.environ["BENCH_ROUNDS"] = os.environ.get("BENCH_SYNC_ROUNDS", "3")     # each takes a minute
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import ROUNDS, Hub, Session, Table      # noqa: E402

MODELS = int(os.environ.get("BENCH_MODELS", "100000"))
DAYS = int(os.environ.get("BENCH_DAYS", "10"))
EXPAND = ("createdAt lastModified downloads downloadsAllTime likes trendingScore pipeline_tag library_name "
          "tags gated disabled safetensors gguf baseModels").split()


class SyncHub(Hub):
    """The stand-in, and what reading from it costs a client that only reads."""

    def __init__(self):
        super().__init__(MODELS, "--datasets", "40", "--spaces", "40")

    def latency(self, ms):
        self.control("settings", '{"latency_ms": %g}' % ms)

    def drain(self):
        """Milliseconds to read all pages, doing nothing with them."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        path = "/api/models?limit=1000&sort=createdAt" + "".join("&expand=" + name for name in EXPAND)
        began = time.perf_counter()
        while path:
            client.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = client.getresponse()
            answer.read()
            link = re.match(r"<([^>]*)>", answer.headers.get("Link", ""))
            path = link and urlsplit(link.group(1))
            path = path and path.path + "?" + path.query
        return (time.perf_counter() - began) * 1000


def cpu_ms(pid):
    with open("/proc/%s/stat" % pid) as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def sync(db, pid, schema):
    """(wall ms, ms of the server process's own CPU)"""
    before = cpu_ms(pid)
    wall = db.time("CALL hub_sync('hub', '%s', '{models}')" % schema)
    return wall, cpu_ms(pid) - before


def fresh(db, schema, index=False):
    db.run("DROP SCHEMA IF EXISTS %s CASCADE" % schema)
    if index:
        db.run("CREATE SCHEMA %s" % schema)
        db.run("SELECT hub_sync_create('hub', '%s', ARRAY['models'])" % schema)
        db.run("CREATE INDEX ON %s.models USING gin (tags)" % schema)
    db.run("CHECKPOINT")


def speed(table, name, walls, cpus, goal, alone):
    """Rows a second without the time in which the stand-in makes its pages; beside it what the clock said."""
    wall = statistics.median(walls)
    table.value(name + ", less the stand-in's time", MODELS / (wall - alone) * 1000, at_least=goal, unit=" rows/s",
                note="%.0f ms less %.0f ms; by the clock %.0f rows/s; the server's CPU %.0f ms"
                     % (wall, alone, MODELS / wall * 1000, statistics.median(cpus)))


def plain(db, pid):
    """ms of the server's CPU to insert the rows of schema b, read before, into the like tables."""
    db.run("DROP SCHEMA IF EXISTS y CASCADE; CREATE SCHEMA y")
    part = db.run("SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'b.model_snapshots'::regclass LIMIT 1")
    for name, relation, order in (("models", "b.models", "created_at DESC, _id"), ("snapshots", part, "_id DESC"),
                                  ("edges", "b.model_edges", "_id DESC")):
        db.run("CREATE TABLE y.%s (LIKE %s INCLUDING ALL)" % (name, relation))
        db.run("CREATE TEMP TABLE IF NOT EXISTS plain_%s AS SELECT * FROM %s ORDER BY %s" % (name, relation, order))
    before = cpu_ms(pid)
    for name in ("models", "snapshots", "edges"):
        db.run("INSERT INTO y.%s SELECT * FROM plain_%s" % (name, name))
    return cpu_ms(pid) - before


def rates(db, hub, table):
    pid = db.run("SELECT pg_backend_pid()")
    hub.drain()                         # the stand-in keeps what it encoded
    taken = {name: ([], []) for name in ("first", "again", "next day", "gin")}
    alone, inserts = [], []
    for _ in range(ROUNDS):
        alone.append(hub.drain())
        fresh(db, "b")
        fresh(db, "g", index=True)
        steps = (("first", "b", None), ("again", "b", None), ("next day", "b", "TRUNCATE b.model_snapshots"), ("gin", "g", None))
        for name, schema, first in steps:
            if first:
                db.run(first)
            wall, cpu = sync(db, pid, schema)
            taken[name][0].append(wall)
            taken[name][1].append(cpu)
        inserts.append(plain(db, pid))
    alone = statistics.median(alone)
    speed(table, "first sync, snapshots and edges", *taken["first"], 40000, alone)
    speed(table, "the same with GIN on tags", *taken["gin"], 25000, alone)
    speed(table, "unchanged, same day", *taken["again"], 60000, alone)
    speed(table, "unchanged, new day: writes the snapshots", *taken["next day"], None, alone)
    table.ratio("first sync / one plain INSERT of the same rows a table, the server's CPU both",
                statistics.median(taken["first"][1]), statistics.median(inserts))
    written = db.run("SELECT added + changed FROM b.sync_runs ORDER BY run DESC LIMIT 1")
    table.value("rows written by it beside the snapshots", float(written), at_most=0, unit="")
    return alone


def waiting(db, hub, table, alone):
    pages = -(-MODELS // 1000)
    hub.latency(50)
    took = []
    for _ in range(ROUNDS):
        drained = hub.drain()
        took.append((sync(db, db.run("SELECT pg_backend_pid()"), "b")[0], drained))
    hub.latency(0)
    wall, drained = (statistics.median(side) for side in zip(*took))
    table.ratio("unchanged at 50 ms / latencies + the stand-in's own time", wall, pages * 50 + alone, at_most=1.05)
    table.ratio("the same / a client that only reads", wall, drained)


def storage(db, table):
    part = db.run("SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'b.model_snapshots'::regclass LIMIT 1")
    for name, relation in (("model-day", part), ("model", "b.models"), ("edge", "b.model_edges")):
        size = db.run("SELECT pg_total_relation_size('%s')::float8 / (SELECT count(*) FROM %s)" % (relation, relation))
        table.value("bytes a %s, indexes included" % name, float(size), unit="")


def views(db, table):
    """A year of days: stored summaries beside the SQL that they replace."""
    db.run("""INSERT INTO b.model_snapshots SELECT captured_on - d, captured_at, _id, id, downloads, downloads_all_time, likes, trending_score
        FROM b.model_snapshots, generate_series(1, %d) d WHERE to_char(captured_on - d, 'YYYYMM') = to_char(captured_on, 'YYYYMM')""" % (DAYS - 1))
    db.run("VACUUM ANALYZE b.model_snapshots, b.models")
    db.run("CALL hub_refresh('b')")
    days = int(db.run("SELECT count(DISTINCT captured_on) FROM b.model_snapshots"))
    summed = float(db.run("SELECT extract(epoch FROM duration) * 1000 FROM b.sync_refresh WHERE view_name = 'segment_days models' ORDER BY started_at LIMIT 1"))
    table.value("summing up a day in 6 dimensions, 3 measures", summed / days, unit=" ms")
    plain = statistics.median(db.time("""SELECT count(*) FROM (
        SELECT s.captured_on, d.dimension, d.segment, sum(s.downloads), sum(sum(s.downloads)) OVER (PARTITION BY s.captured_on, d.dimension)
        FROM b.model_snapshots s JOIN b.model_segments g USING (_id), LATERAL (VALUES ('all', ''), ('country', g.country), ('kind', g.kind),
            ('size_class', g.size_class), ('task_category', g.task_category), ('family', g.family)) AS d (dimension, segment)
        GROUP BY 1, 2, 3) q""") for _ in range(ROUNDS))
    gini = statistics.median(db.time("SELECT gini(distribution_agg(downloads)) FROM b.model_snapshots") for _ in range(ROUNDS))
    # summaries of a year: those of the real days, repeated under other dates
    db.run("""INSERT INTO b.segment_days SELECT kind, captured_on - %d * k, measure, dimension, segment, spread
        FROM b.segment_days, generate_series(1, %d) k WHERE kind = 'models'""" % (days, 365 // days))
    year = int(db.run("SELECT count(DISTINCT captured_on) FROM b.segment_days WHERE kind = 'models'"))
    refresh = statistics.median(db.time("REFRESH MATERIALIZED VIEW CONCURRENTLY b.share_over_time") for _ in range(ROUNDS))
    rolled = statistics.median(db.time("""SELECT gini(rollup(spread)) FROM b.segment_days
        WHERE kind = 'models' AND measure = 'downloads' AND dimension = 'all'""") for _ in range(ROUNDS))
    table.ratio("share over time, %d days of 3 measures / plain SQL of one measure, %d days × %d (extrapolated)" % (year, days, year // days),
                refresh, plain * year / days)
    table.ratio("Gini of a year from stored days / from raw rows, extrapolated likewise", rolled, gini * year / days)
    table.value("stored bytes a day", float(db.run("SELECT pg_total_relation_size('b.segment_days')::float8 / %d" % year)), unit="")


def main():
    hub = SyncHub()
    table = Table("sync, %d models" % MODELS)
    with Session(("client_min_messages = warning",)) as db:
        db.run("CREATE EXTENSION IF NOT EXISTS pghub")
        db.run("CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint 'http://127.0.0.1:%d')" % hub.port)
        alone = rates(db, hub, table)
        waiting(db, hub, table, alone)
        storage(db, table)
        views(db, table)
        db.run("DROP SCHEMA b CASCADE; DROP SCHEMA y CASCADE")
        db.run("DROP SCHEMA g CASCADE")
        db.run("DROP SERVER hub CASCADE")
    table.print()
    hub.stop()


if __name__ == "__main__":
    main()
