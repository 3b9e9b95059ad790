#!/usr/bin/env python3
"""A year of days: answers over time out of stored daily summaries, beside the SQL over raw rows that they replace.

The history is made in the server: BENCH_YEAR_MODELS (10,000) models, a snapshot of each on each of
BENCH_YEAR_DAYS (365) days. 100,000 models are 36.5 million snapshots and 9 GB.
"""
import os
import statistics
import sys
import time

os.environ["BENCH_ROUNDS"] = os.environ.get("BENCH_HISTORY_ROUNDS", "3")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import ROUNDS, Session, Table      # noqa: E402

MODELS = int(os.environ.get("BENCH_YEAR_MODELS", "10000"))
DAYS = int(os.environ.get("BENCH_YEAR_DAYS", "365"))
TASKS = "text-generation image-classification text-to-image fill-mask translation summarization depth-estimation".split()
# what a segment is, in both ways of asking
SEGMENTS = """LATERAL (VALUES ('all', ''), ('country', g.country), ('kind', g.kind), ('size_class', g.size_class),
    ('task_category', g.task_category), ('family', g.family)) AS d (dimension, segment)"""
MEASURES = """LATERAL (VALUES ('downloads', s.downloads), ('downloads_all_time', s.downloads_all_time), ('likes', s.likes)) AS m (measure, value)"""
PLAIN_SHARE = """SELECT count(*) FROM (
    SELECT s.captured_on, m.measure, d.dimension, d.segment, count(*), sum(m.value),
        sum(m.value) / sum(sum(m.value)) OVER (PARTITION BY s.captured_on, m.measure, d.dimension)
    FROM y.model_snapshots s JOIN y.model_segments g USING (_id), %s, %s
    GROUP BY 1, 2, 3, 4) q""" % (SEGMENTS, MEASURES)
PLAIN_GINI = """SELECT count(*) FROM (
    SELECT captured_on, sum((2 * i - n - 1) * v)::float8 / nullif(max(n) * sum(v), 0)::float8 AS gini FROM (
        SELECT captured_on, downloads::numeric AS v, row_number() OVER (PARTITION BY captured_on ORDER BY downloads) AS i,
            count(*) OVER (PARTITION BY captured_on) AS n FROM y.model_snapshots) r GROUP BY 1) q"""
STORED_GINI = """SELECT count(gini) FROM (SELECT captured_on, gini(spread) FROM y.segment_days
    WHERE kind = 'models' AND measure = 'downloads' AND dimension = 'all') q"""


def make_models(db):
    db.run("CREATE EXTENSION IF NOT EXISTS pghub")
    db.run("CREATE SERVER nowhere FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint 'http://127.0.0.1:9')")
    db.run("SELECT hub_sync_create('nowhere', 'y', '{models}')")
    db.run("""INSERT INTO y.models (_id, id, author, created_at, last_modified, downloads, downloads_all_time, likes, pipeline_tag,
            library_name, tags, parameters, first_seen)
        SELECT to_char(1700000000 + i * 11, 'FM0000000000') || lpad(to_hex(hashint4(i) & 2147483647), 14, '0'), o || '/model-' || i || '-instruct-gguf', o,
            timestamptz '2022-03-02Z' + i * interval '11 s', timestamptz '2024-03-02Z' + i * interval '11 s', n, n * 9, sqrt(n)::bigint,
            (string_to_array('%s', ' '))[1 + i %% %d], 'transformers', ARRAY['transformers', 'region:us', 'license:mit'],
            10 ^ (6 + i %% 5) + i, current_date - %d
        FROM (SELECT i, 'owner-' || (hashint4(i / 3) & 2147483647) %% %d AS o, floor(1000000 / (1 + (hashint4(i) & 2147483647) %% %d) ^ 0.9)::bigint AS n
            FROM generate_series(1, %d) i) r""" % (" ".join(TASKS), len(TASKS), DAYS, max(MODELS // 8, 1), MODELS, MODELS))
    db.run("SELECT hub_sync_index('y', 'models')")


def make_day(db, back):
    """A day's snapshots in the order in which a sync writes them."""
    part = db.run("SELECT hub_sync_partition('y', 'model_snapshots', current_date - %d)" % back)
    db.run("""INSERT INTO %s (captured_on, captured_at, _id, id, downloads, downloads_all_time, likes, trending_score)
        SELECT current_date - %d, (current_date - %d)::timestamptz + interval '2 hours', _id, id,
            downloads * (700 + (hashint4(likes::int + %d) & 1023)) / 1024, downloads_all_time + downloads * %d / 30, likes + %d / 40, 0
        FROM y.models ORDER BY _id DESC""" % (part, back, back, back, DAYS - back, DAYS - back))


def refresh(db):
    """{view: ms} of one refresh."""
    db.run("DELETE FROM y.sync_refresh")
    db.run("CALL hub_refresh('y')")
    rows = db.run("SELECT view_name, extract(epoch FROM duration) * 1000 FROM y.sync_refresh WHERE duration > '0'")
    return {name: float(ms) for name, ms in (line.split("|") for line in rows.splitlines())}


def storage(db, table):
    raw = float(db.run("""SELECT sum(pg_total_relation_size(inhrelid))::float8 / (SELECT count(*) FROM y.model_snapshots)
        FROM pg_inherits WHERE inhparent = 'y.model_snapshots'::regclass"""))
    stored = float(db.run("SELECT pg_total_relation_size('y.segment_days')::float8 / (SELECT count(*) FROM y.model_snapshots)"))
    table.value("snapshots: bytes a model-day, indexes included", raw, unit="")
    table.value("segment_days: bytes a model-day, 6 dimensions of 3 measures", stored, unit="")
    table.value("share of the snapshots", stored / raw * 100, unit=" %")


def main():
    table = Table("history, %s models × %d days" % (format(MODELS, ","), DAYS))
    with Session(("client_min_messages = warning", "timezone = 'UTC'")) as db:
        make_models(db)
        began = time.perf_counter()
        for back in range(DAYS, 0, -1):
            make_day(db, back)
        table.value("snapshots made", MODELS * DAYS / (time.perf_counter() - began), unit=" rows/s")
        db.run("VACUUM ANALYZE y.model_snapshots")
        db.run("VACUUM ANALYZE y.models")

        first = refresh(db)
        table.value("first refresh: all days summed up", first["segment_days models"] / 1000, unit=" s",
                    note="%.0f ms a day" % (first["segment_days models"] / DAYS))
        days, shares, plains, ginis, stored = [], [], [], [], []
        for round in range(ROUNDS):
            make_day(db, -round)                # one more day
            again = refresh(db)
            days.append(again["segment_days models"])
            shares.append(again["share_over_time"])
            plains.append(db.time(PLAIN_SHARE))
            ginis.append(db.time(PLAIN_GINI))
            stored.append(db.time(STORED_GINI))
        day, share, plain = (statistics.median(side) for side in (days, shares, plains))
        table.value("a day later: the new day summed up", day, unit=" ms")
        table.ratio("share over time refreshed from stored days / plain SQL over the raw rows", share, plain, at_most=0.1)
        table.ratio("the same with the new day's summing up / plain SQL", share + day, plain)
        table.ratio("Gini of each day from stored days / by window functions", statistics.median(stored), statistics.median(ginis))
        year = "SELECT gini(rollup(spread)) FROM y.segment_days WHERE kind = 'models' AND measure = 'downloads' AND dimension = 'all'"
        raw = "SELECT gini(distribution_agg(downloads)) FROM y.model_snapshots"
        if db.run(year) != db.run(raw):
            raise RuntimeError("stored days and raw rows disagree")
        table.ratio("Gini of all days at once: stored / raw rows", *(statistics.median(db.time(sql) for _ in range(ROUNDS)) for sql in (year, raw)))
        for name in ("concentration", "period_downloads", "model_engagement", "model_segments"):
            table.value("refresh of " + name, again[name] / 1000, unit=" s")
        storage(db, table)
        db.run("DROP SCHEMA y CASCADE")
        db.run("DROP SERVER nowhere CASCADE")
    table.print()


if __name__ == "__main__":
    main()
