"""Rows of a dataset: pages ahead against one after another.

10,000 rows at 100 a page from the stand-in with 50 ms latency. The yardstick
is the same statement on a server with max_concurrency 1: pages one after
another over one kept connection.
"""
import os

from lib import Hub, Session, Table, medians

ROUNDS = int(os.environ.get("BENCH_ROUNDS_SLOW", "3"))
QUERY = "SELECT count(*), sum(n) FROM %s.default_train"


def main():
    hub = Hub(1, "--latency-ms", "50")
    with Session(["pghub.progress_interval = 0"]) as db:
        db.run("CREATE EXTENSION IF NOT EXISTS pghub")
        for name, width in (("ahead", 16), ("single", 1)):
            db.run("CREATE SERVER %s FOREIGN DATA WRAPPER hub_fdw OPTIONS (viewer_endpoint '%s', max_concurrency '%d')"
                   % (name, hub.url, width))
            db.run("CREATE SCHEMA %s" % name)
            db.run("IMPORT FOREIGN SCHEMA dataset FROM SERVER %s INTO %s OPTIONS (dataset 'standin/large')" % (name, name))
            if db.run(QUERY % name) != "10000|49995000":
                raise RuntimeError("not all rows were read")
        took = medians({name: lambda name=name: db.time(QUERY % name) for name in ("ahead", "single")}, ROUNDS)
    hub.stop()
    table = Table("dataset rows, 100 pages of 100 at 50 ms")
    table.ratio("16 pages ahead / one after another", took["ahead"], took["single"], at_most=1 / 6)
    table.print()


if __name__ == "__main__":
    main()
