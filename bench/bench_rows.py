"""Rows of a dataset: pages ahead against one after another.

10,000 rows at 100 a page from the stand-in with 50 ms latency. The yardstick
is the same statement on a server with max_concurrency 1: pages one after
another over one kept connection.
"""
import os
import subprocess
import sys
import tempfile
import time

from lib import TOP, Session, Table, medians

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))


def stand_in(latency):
    """The stand-in's address; it ends with this process."""
    ready = os.path.join(tempfile.mkdtemp(), "port")
    subprocess.Popen([sys.executable, os.path.join(TOP, "test/hub/hub.py"), "--models", "1", "--ready", ready,
                      "--latency-ms", str(latency), "--parent", str(os.getpid())], stdout=subprocess.DEVNULL)
    for _ in range(600):
        if os.path.exists(ready):
            return "http://127.0.0.1:" + open(ready).read().strip()
        time.sleep(0.05)
    sys.exit("the stand-in did not start")


def main():
    url = stand_in(50)
    with Session() as db:
        db.run("CREATE EXTENSION IF NOT EXISTS pghub")
        for name, width in (("ahead", 16), ("single", 1)):
            db.run("CREATE SERVER %s FOREIGN DATA WRAPPER hub_fdw OPTIONS (viewer_endpoint '%s', max_concurrency '%d')"
                   % (name, url, width))
            db.run("CREATE SCHEMA %s" % name)
            db.run("IMPORT FOREIGN SCHEMA dataset FROM SERVER %s INTO %s OPTIONS (dataset 'standin/large')" % (name, name))
        query = "SELECT count(*), sum(n) FROM %s.default_train"
        for name in ("ahead", "single"):
            assert db.run(query % name).strip() == "10000|49995000"
        took = medians({name: lambda name=name: db.time(query % name) for name in ("ahead", "single")}, rounds=ROUNDS)
    table = Table("dataset rows, 100 pages of 100 at 50 ms")
    table.ratio("16 pages ahead / one after another", took["ahead"], took["single"], at_most=1 / 6)
    table.print()


if __name__ == "__main__":
    main()
