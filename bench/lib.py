"""What every benchmark here shares.

A benchmark is a Python file of the standard library alone, run by `make bench`
on a private server (PGHOST and so on are set). It compares lines within one
run: rounds are interleaved, so that a slow minute of the machine hits all
sides alike, and a ratio is that of the medians. It prints one table row per
line: what was compared, the ratio, the goal. A missed goal is said, it does
not fail: a benchmark is no test.

    from lib import Session, Table, medians
    with Session() as db:
        db.run("CREATE TABLE t AS ...")
        took = medians({"ours": lambda: db.time("SELECT ..."),
                        "sum": lambda: db.time("SELECT sum(v) FROM t")})
    table = Table("distribution")
    table.ratio("gini, 2.5 M bigint / sum", took["ours"], took["sum"], at_most=1.25)
    table.print()
"""
import os
import platform
import re
import statistics
import subprocess
import sys
import time

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Session:
    """One psql, kept open; statements are timed by psql itself."""

    MARK = "=== bench done ==="

    def __init__(self, settings=()):
        self.psql = subprocess.Popen(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for setting in settings:
            self.run("SET " + setting)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.psql.poll() is None:
            self.psql.stdin.close()
            self.psql.wait(60)

    def run(self, sql):
        """The answer as psql -At prints it. An error ends the benchmark."""
        self.psql.stdin.write("%s\n;\n\\echo %s\n" % (sql, self.MARK))
        self.psql.stdin.flush()
        lines = []
        for line in self.psql.stdout:
            if line.strip() == self.MARK:
                return "".join(lines).strip()
            lines.append(line)
        raise RuntimeError("psql ended: %s\n%s" % (sql, "".join(lines)))

    def time(self, sql):
        """Milliseconds of one statement."""
        answer = self.run("\\timing on\n%s\n;\n\\timing off" % sql)
        return sum(float(ms) for ms in re.findall(r"^Time: ([0-9.]+) ms", answer, re.M))

    def memory(self):
        """(current, peak) resident bytes of this session's server process."""
        pid = self.run("SELECT pg_catalog.pg_backend_pid()")
        with open("/proc/%s/status" % pid) as status:
            figures = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB", status.read(), re.M))
        return int(figures["VmRSS"]) * 1024, int(figures["VmHWM"]) * 1024


def clock(call):
    """A function that runs call and returns its milliseconds."""
    def timed():
        start = time.perf_counter()
        call()
        return (time.perf_counter() - start) * 1000
    return timed


def medians(sides, rounds=ROUNDS):
    """{name: function returning ms} -> {name: median}, rounds interleaved.

    The first round warms up and is not counted.
    """
    taken = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, run in sides.items():
            took = run()
            if number > 0:
                taken[name].append(took)
    return {name: statistics.median(times) for name, times in taken.items()}


class Table:
    """Rows `line | ratio | goal`, printed as Markdown."""

    def __init__(self, title):
        self.title = title
        self.rows = []

    def ratio(self, line, ours, theirs, at_most=None, at_least=None, note=""):
        """ours / theirs against a goal; at_least turns it round: how many times faster."""
        value = theirs / ours if at_least is not None else ours / theirs
        self.value(line, value, at_most, at_least, note or "%.1f / %.1f ms" % (ours, theirs))

    def value(self, line, value, at_most=None, at_least=None, note="", unit=" ×"):
        goal, met = "–", True
        if at_most is not None:
            goal, met = "≤ %g%s" % (at_most, unit), value <= at_most
        elif at_least is not None:
            goal, met = "≥ %g%s" % (at_least, unit), value >= at_least
        self.rows.append((line, ("%.3g" if value < 100 else "%.0f") % value + unit, goal, "" if met else "missed", note))
        # a long run shows what it has so far
        print("| %s |" % " | ".join(self.rows[-1]), file=sys.stderr, flush=True)

    def print(self):
        print("\n### %s\n\n%s\n" % (self.title, machine()))
        print("| line | ratio | goal | | medians |\n|---|---|---|---|---|")
        for row in self.rows:
            print("| %s |" % " | ".join(row))
        sys.stdout.flush()


def machine():
    with open("/proc/cpuinfo") as info:
        model = re.search(r"^model name\s*:\s*(.*)", info.read(), re.M)
    version = subprocess.run(["psql", "-X", "-A", "-t", "-c", "SHOW server_version"], text=True,
                             stdout=subprocess.PIPE, check=True).stdout.strip()
    return "%d × %s, Linux %s, PostgreSQL %s; medians of %d interleaved rounds." % (
        os.cpu_count(), model.group(1) if model else platform.machine(),
        platform.release().split("-")[0], version, ROUNDS)
