"""psycopg2 against one server: probe.py HOST PORT AUTHOR."""
import sys
import threading
import time

import psycopg2
import psycopg2.extensions


def say(name, value):
    print("%s\t%s" % (name, value))


host, port, author = sys.argv[1:4]
conn = psycopg2.connect(host=host, port=port, dbname="postgres", user="analyst")
conn.autocommit = True
with conn.cursor() as cur:
    cur.execute("SELECT obj_description('hub.models'::regclass, 'pg_class')")
    say("table", "FOREIGN TABLE: " + cur.fetchone()[0])
    cur.execute("""SELECT data_type, col_description('hub.models'::regclass, ordinal_position)
        FROM information_schema.columns WHERE (table_schema, table_name, column_name) = ('hub', 'models', 'downloads')""")
    say("column", "%s: %s" % cur.fetchone())
    cur.execute("SELECT downloads, created_at, tags, trending_score, private FROM hub.models LIMIT 1")
    say("types", ",".join(type(v).__name__ for v in cur.fetchone()))
    cur.execute("PREPARE p(text) AS SELECT count(*) FROM hub.models WHERE author = $1")
    for _ in range(7):
        cur.execute("EXECUTE p(%s)", (author,))
        say("prepared", cur.fetchone()[0])
    cur.execute("SELECT summary, gini FROM board.concentration")
    summary, gini = cur.fetchone()
    say("summary", isinstance(summary, str) and len(summary) > 8)
    say("gini", gini)

with psycopg2.connect(host=host, port=port, dbname="postgres", user="analyst") as other:
    with other.cursor("stream") as cur:
        cur.itersize = 50
        cur.execute("SELECT id FROM hub.models")
        say("streamed", len([row for row, _ in zip(cur, range(120))]))

began = time.monotonic()
threading.Timer(0.5, conn.cancel).start()
try:
    with conn.cursor() as cur:
        cur.execute("SELECT count(*) FROM slow.models")
    say("cancelled", "no")
except psycopg2.extensions.QueryCanceledError as e:
    say("cancelled", e.pgcode)
say("cancel_late", "no" if time.monotonic() - began < 5 else "yes")
