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
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

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


def npm(name, package):
    """The folder under build/ with an npm package, fetched the first time; None, said, where it cannot be had."""
    home = os.path.join(TOP, "build", name)
    if not os.path.isdir(os.path.join(home, "node_modules", package)):
        os.makedirs(home, exist_ok=True)
        try:
            subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", home, package],
                           check=True, timeout=300, stdout=subprocess.DEVNULL)
        except (OSError, subprocess.SubprocessError) as error:
            print("skipped: lines of %s, which npm could not fetch (%s)" % (package, error), file=sys.stderr, flush=True)
            return None
    return home


class DuckDB:
    """DuckDB with one thread in a Node process, asked one statement at a time."""

    PROGRAM = """
    const { DuckDBInstance } = require('@duckdb/node-api');
    (async () => {
      const db = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
      for await (const line of require('readline').createInterface({ input: process.stdin })) {
        const start = process.hrtime.bigint();
        const rows = await (await db.run(JSON.parse(line))).getRows();
        const ms = Number(process.hrtime.bigint() - start) / 1e6;
        console.log(ms + ' ' + (rows.length ? rows[0][0] : ''));
      }
    })().catch(e => { console.log('failed ' + e.message); process.exit(1); });
    """

    def __init__(self, home):
        self.node = subprocess.Popen(["node", "-e", self.PROGRAM], cwd=home, text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, sql):
        """(milliseconds, first value of the first row)"""
        self.node.stdin.write(json.dumps(sql) + "\n")
        self.node.stdin.flush()
        took, answer = self.node.stdout.readline().rstrip("\n").split(" ", 1)
        if took == "failed":
            raise RuntimeError(answer)
        return float(took), answer

    def time(self, sql):
        return self.run(sql)[0]

    def close(self):
        self.node.stdin.close()
        self.node.wait(60)


def duckdb(table, csv, **columns):
    """DuckDB that holds the CSV file (no header) as a table, or None."""
    home = npm("duckdb", "@duckdb/node-api")
    if home is None:
        return None
    other = DuckDB(home)
    other.run("CREATE TABLE %s AS SELECT * FROM read_csv('%s', header = false, columns = {%s})"
              % (table, csv, ", ".join("'%s': '%s'" % column for column in columns.items())))
    return other


class Hub:
    """A stand-in Hub; it ends with this program at the latest."""

    def __init__(self, models, *more):
        ready = tempfile.mktemp(prefix="pghub-port.")
        self.process = subprocess.Popen(
            [sys.executable, TOP + "/test/hub/hub.py", "--models", str(models), "--ready", ready,
             "--parent", str(os.getpid()), *more], stdout=subprocess.DEVNULL)
        while not os.path.exists(ready):
            if self.process.poll() is not None:
                raise RuntimeError("the stand-in did not start")
            time.sleep(0.1)
        with open(ready) as port:
            self.port = int(port.read())
        os.remove(ready)
        self.url = "http://127.0.0.1:%d" % self.port

    def control(self, what, body):
        """POST to the stand-in's control interface; body is JSON."""
        urllib.request.urlopen("%s/__standin/%s" % (self.url, what), body.encode()).close()

    def stop(self):
        self.process.terminate()
        self.process.wait()


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
