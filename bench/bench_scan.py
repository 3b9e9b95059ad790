"""Scans and look-ups beside a C program that only drains the same pages, the
server's own JSON parser, one look-up after another and the Hub's npm client.

BENCH_MODELS (100,000) sets the size of the list.
"""
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request

from lib import TOP, Hub, Session, Table, clock, medians, npm

MODELS = int(os.environ.get("BENCH_MODELS", "100000"))
FEW = int(os.environ.get("BENCH_ROUNDS_SLOW", "3"))
WIDTH = 16
LATENCY = 50
WORK = tempfile.mkdtemp(prefix="pghub-bench.")
LIST = "/api/models?sort=createdAt&limit=1000"


def pages(hub):
    """(body, cursor parameter of the next page) of the whole list."""
    url = hub.url + LIST
    while url:
        with urllib.request.urlopen(url) as answer:
            body, link = answer.read(), answer.headers.get("Link")
        yield body
        url = link[link.index("<") + 1:link.index(">")] if link else None


class Nginx:
    """The same pages as files."""

    def __init__(self, bodies, port):
        self.url = "http://127.0.0.1:%d" % port
        os.makedirs(WORK + "/pages")
        for number, body in enumerate(bodies):
            with open("%s/pages/%d.json" % (WORK, number), "wb") as page:
                page.write(body)
        self.count = number + 1
        links = "\n".join("%s '<%s%s&cursor=%d>; rel=\"next\"';" % (
            n if n else "''", self.url, LIST, n + 1) for n in range(number))
        with open(WORK + "/nginx.conf", "w") as conf:
            conf.write("""worker_processes 1; daemon off; master_process off; pid %(w)s/nginx.pid; error_log stderr crit;
                events {} http { access_log off; sendfile on; tcp_nodelay on; keepalive_requests 1000000;
                client_body_temp_path %(w)s/t; proxy_temp_path %(w)s/t; fastcgi_temp_path %(w)s/t; uwsgi_temp_path %(w)s/t; scgi_temp_path %(w)s/t;
                map $arg_cursor $page { default $arg_cursor; '' 0; } map $arg_cursor $following { default ''; %(l)s }
                server { listen 127.0.0.1:%(p)d; root %(w)s/pages; location = /api/models {
                    default_type application/json; add_header Link $following; rewrite ^ /$page.json break; } } }"""
                       % {"w": WORK, "l": links, "p": port})
        os.chmod(WORK, 0o755)
        self.process = subprocess.Popen(["nginx", "-p", WORK, "-c", WORK + "/nginx.conf"])
        for _ in range(50):
            try:
                urllib.request.urlopen(self.url + LIST).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("nginx did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def server(db, name, url, more=""):
    db.run("CREATE SERVER %s FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '%s', max_concurrency '%d'%s)" % (
        name, url, 1 if name.startswith("single") else WIDTH, more))
    db.run("CREATE SCHEMA %s; IMPORT FOREIGN SCHEMA hub LIMIT TO (models, model_details, repo_files) FROM SERVER %s INTO %s" % (
        name, name, name))


def scan(db, schema, more=""):
    return lambda: db.time("SELECT count(id), sum(downloads), sum(likes), max(created_at)%s FROM %s.models" % (more, schema))


def drain(url):
    def run():
        subprocess.run([WORK + "/drain", url + LIST], check=True, stdout=subprocess.DEVNULL)
    return clock(run)


def npm_client(url):
    """A function that reads every model with @huggingface/hub, or None."""
    folder = npm("npm", "@huggingface/hub")
    if folder is None:
        return None
    script = WORK + "/list.mjs"
    with open(script, "w") as f:
        f.write("import { listModels } from '%s/node_modules/@huggingface/hub/dist/index.mjs';\n"
                "let n = 0, sum = 0;\n"
                "for await (const m of listModels({ hubUrl: '%s', additionalFields: ['tags'] })) { n++; sum += m.downloads; }\n"
                "console.log(n);\n" % (folder, url))

    def run():
        answer = subprocess.run(["node", script], check=True, stdout=subprocess.PIPE, text=True)
        if int(answer.stdout) != MODELS:
            raise RuntimeError("the client read %s models" % answer.stdout)
    return clock(run)


def bench_scans(db, table):
    hub = Hub(MODELS, "--no-gzip")
    static = Nginx(pages(hub), 20000 + os.getpid() % 20000)
    server(db, "generated", hub.url)
    server(db, "files", static.url)
    took = medians({"generated": scan(db, "generated"), "generated drain": drain(hub.url)}, FEW)
    table.ratio("scan, %d pages that the stand-in generates / C drain" % static.count,
                took["generated"], took["generated drain"], at_most=1.1)
    db.run("CREATE TABLE page (body text)")
    for number in range(static.count):
        db.run("INSERT INTO page SELECT pg_catalog.convert_from(pg_catalog.pg_read_binary_file('%s/pages/%d.json'), 'UTF8')"
               % (WORK, number))
    took = medians({"files": scan(db, "files"), "drain": drain(static.url),
                    "tags": scan(db, "files", ", count(tags), count(pipeline_tag), count(library_name)"),
                    "json": lambda: db.time("SELECT count(body::json) FROM page")})
    table.ratio("scan, static pages of nginx / C drain", took["files"], took["drain"], at_most=3)
    table.ratio("parse and rows (scan less drain) / the server's JSON parser on the same bytes",
                took["files"] - took["drain"], took["json"], at_most=1.0)
    table.ratio("the same with arrays of tags and three texts more",
                took["tags"] - took["drain"], took["json"])
    client = npm_client(hub.url)
    if client:
        rivals = medians({"npm": client, "ours": scan(db, "generated")}, 1)
        table.ratio("the same list read by @huggingface/hub (npm)", rivals["ours"], rivals["npm"], at_least=4)
    static.stop()
    hub.stop()


def bench_latency(db, table):
    hub = Hub(20000, "--no-gzip", "--latency-ms", str(LATENCY))
    server(db, "far", hub.url)
    server(db, "single", hub.url)
    took = medians({"scan": scan(db, "far"), "drain": drain(hub.url)}, FEW)
    table.ratio("scan at %d ms a page, 20 pages / C drain" % LATENCY, took["scan"], took["drain"], at_most=1.02)
    db.run("CREATE TABLE wanted AS SELECT id FROM far.models LIMIT 1000")
    db.run("ANALYZE wanted")
    by_array = "SELECT count(*) FROM %s.models WHERE id = ANY (ARRAY(SELECT id FROM wanted LIMIT %d))"
    ahead = "SELECT count(d.id) FROM wanted w JOIN far.model_details d ON d.id = w.id"
    if "Look-Ahead" not in db.run("EXPLAIN " + ahead):
        raise RuntimeError("the join is planned without look-ahead")
    took = medians({"200": lambda: db.time(by_array % ("far", 200)),
                    "1000": lambda: db.time(by_array % ("far", 1000)),
                    "ahead": lambda: db.time(ahead),
                    "one by one": lambda: db.time(by_array % ("single", 50))}, FEW)
    each = took["one by one"] / 50
    note = "%.0f ms for %d keys, %.1f ms a key one after another (50 keys)"
    for name, keys, line in (("200", 200, "id = ANY"), ("1000", 1000, "id = ANY"), ("ahead", 1000, "join with look-ahead")):
        table.value("%d keys at %d ms, %s: speed of one after another, / max_concurrency %d" % (keys, LATENCY, line, WIDTH),
                    each * keys / took[name] / WIDTH, at_least=0.85, note=note % (took[name], keys, each))
    table.value("200 keys at %d ms / (200 × %d ms / max_concurrency)" % (LATENCY, LATENCY),
                took["200"] / (200 * LATENCY / WIDTH), at_most=1 / 0.85, note="%.0f ms" % took["200"])
    bench_files(db, table, each)
    bench_append(db, table)
    hub.stop()


def bench_append(db, table):
    """Four lists below one Append, all at once and one after another."""
    four = "SELECT count(id), sum(likes) FROM (%s) q" % " UNION ALL ".join(
        "SELECT id, likes FROM far.models WHERE pipeline_tag = '%s'" % task
        for task in ("text-generation", "text-classification", "text-to-image", "fill-mask"))

    def timed(setting):
        def run():
            db.run("SET enable_async_append = " + setting)
            return db.time(four)
        return run
    took = medians({"at once": timed("on"), "in turn": timed("off")}, FEW)
    table.ratio("UNION ALL of four lists at %d ms a page: asynchronous / enable_async_append = off" % LATENCY,
                took["at once"], took["in turn"])


def bench_files(db, table, each):
    """Models joined with their files: a request or more a model. EACH: ms of one look-up."""
    files = ("SELECT count(*) FROM (SELECT id FROM wanted LIMIT 100) w JOIN far.repo_files f ON f.repo_id = w.id",
             "SELECT count(*) FROM far.model_details WHERE id = ANY (ARRAY(SELECT id FROM wanted LIMIT 100))")
    took = medians({"files": lambda: db.time(files[0]), "array": lambda: db.time(files[1])}, FEW)
    goal = each * 100 / (0.85 * WIDTH)
    table.value("100 models joined with their files / 100 look-ups at 0.85 × max_concurrency %d" % WIDTH,
                took["files"] / goal, at_most=1,
                note="%.0f / %.0f ms; 100 look-ups by an array took %.0f ms" % (took["files"], goal, took["array"]))


def bench_projection(db, table):
    """Bytes, not time: what hub_stats says that a scan read."""
    hub = Hub(2000, "--no-gzip")
    server(db, "narrow", hub.url)
    read = "SELECT bytes_wire FROM hub_stats WHERE server = 'narrow'"

    def bytes_of(columns):
        before = int(db.run(read) or 0)
        if db.run("SELECT count(q) FROM (SELECT %s FROM narrow.models OFFSET 0) q" % columns) != "2000":
            raise RuntimeError("not all rows were read")
        return int(db.run(read)) - before
    two, everything = bytes_of("id, last_modified"), bytes_of("*")
    table.value("bytes of two columns / of all", two / everything, at_most=0.25,
                note="%.1f / %.1f MB of 2,000 models" % (two / 1e6, everything / 1e6))
    hub.stop()


def bench_cancel(db, table):
    hub = Hub(2000, "--no-gzip")
    server(db, "stuck", hub.url)
    for place in ("headers", "body"):
        rule = '[{"action": "stall", "where": "%s", "seconds": 5, "times": -1}]' % place
        hub.control("faults", rule)
        answer = subprocess.run(
            [TOP + "/build/fault/cancel_time", "host=%s port=%s dbname=postgres" % (os.environ["PGHOST"], os.environ["PGPORT"]),
             "SELECT count(*) FROM stuck.models", "cancel", "150", "11"], check=True, stdout=subprocess.PIPE, text=True)
        took = sorted(float(line.split()[0]) for line in answer.stdout.splitlines())
        table.value("cancel in a stall of the %s, median" % place, took[len(took) // 2], at_most=10, unit=" ms")
        table.value("cancel in a stall of the %s, longest of %d" % (place, len(took)), took[-1], at_most=100, unit=" ms")
    hub.stop()


def main():
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-o", WORK + "/drain", TOP + "/bench/drain.c", "-lcurl"], check=True)
    table = Table("scans and look-ups")
    try:
        with Session(["pghub.progress_interval = 0"]) as db:
            db.run("CREATE EXTENSION IF NOT EXISTS pghub")
            bench_scans(db, table)
            bench_latency(db, table)
            bench_projection(db, table)
            if os.path.exists(TOP + "/build/fault/cancel_time"):
                bench_cancel(db, table)
            else:
                print("build/fault/cancel_time is not there (make probe): cancel is left out")
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
    table.print()


if __name__ == "__main__":
    main()
