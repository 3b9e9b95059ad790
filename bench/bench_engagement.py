#!/usr/bin/env python3
"""Engagement, counters and survival against the plain aggregates over the same rows."""
from lib import Session, Table, medians

with Session(("max_parallel_workers_per_gather = 0", "work_mem = '64MB'", "jit = off")) as db:
    db.run("""
        CREATE EXTENSION pghub;
        CREATE TABLE daily AS
            SELECT 'organization/model-' || m AS model, timestamptz '2025-01-01' + d * interval '1 day' AS at,
                floor(1000 * exp(-0.01 * d) * (0.5 + random()))::double precision AS downloads, (d * 37 + m)::bigint AS total
            FROM generate_series(1, 1000) m, generate_series(0, 364) d;
        CREATE TABLE item AS
            SELECT floor(random() * 2000)::double precision AS days, random() < 0.6 AS ended FROM generate_series(1, 1000000);
        VACUUM ANALYZE daily; VACUUM ANALYZE item""")
    grouped = "SELECT count(x) FROM (SELECT model, %s AS x FROM daily GROUP BY model) q"
    took = medians({
        "sum": lambda: db.time(grouped % "sum(downloads)"),
        "halflife": lambda: db.time(grouped % "engagement_halflife(at, downloads)"),
        "engagement": lambda: db.time(grouped % "engagement_agg(at, downloads)"),
        "sum bigint": lambda: db.time(grouped % "sum(total)"),
        "counter": lambda: db.time(grouped % "counter_agg(at, total)"),
    })
    alive = medians({
        "count": lambda: db.time("SELECT count(days) FROM item"),
        "median": lambda: db.time("SELECT median_survival(s) FROM (SELECT survival_agg(days, ended) AS s FROM item OFFSET 0) q"),
        "curve": lambda: db.time("SELECT count(*) FROM (SELECT survival_agg(days, ended) AS s FROM item OFFSET 0) q, survival_curve(s)"),
        "sorted": lambda: db.time("SELECT count(*) FROM (SELECT days, count(*) FILTER (WHERE ended), sum(count(*)) OVER (ORDER BY days DESC) FROM item GROUP BY days) q"),
    })

table = Table("engagement, counters, survival")
table.ratio("engagement_halflife, 1,000 models × 365 days / grouped sum", took["halflife"], took["sum"], at_most=1.5)
table.ratio("engagement_agg, the same / grouped sum", took["engagement"], took["sum"])
table.ratio("counter_agg, the same / grouped sum(bigint)", took["counter"], took["sum bigint"])
table.ratio("median_survival, 1 M rows, 2,000 durations / count", alive["median"], alive["count"], at_most=1.5)
table.ratio("survival_curve, the same / count", alive["curve"], alive["count"], at_most=1.5)
table.ratio("survival_curve, the same / counts and numbers at risk in plain SQL", alive["curve"], alive["sorted"])
table.print()
