"""psqlODBC against one server, by pyodbc: probe_odbc.py DRIVER HOST PORT AUTHOR."""
import sys
import threading
import time

import pyodbc


def say(name, value):
    print("%s\t%s" % (name, value))


driver, host, port, author = sys.argv[1:5]


def connect(**more):
    options = {"Driver": driver, "Servername": host, "Port": port, "Database": "postgres", "Username": "analyst", "BoolsAsChar": "0"}
    options.update(more)
    return pyodbc.connect(";".join("%s=%s" % item for item in options.items()), autocommit=True)


conn = connect()
cur = conn.cursor()
table = cur.tables(schema="hub", table="models").fetchone()
column = [c for c in cur.columns(schema="hub", table="models") if c.column_name == "downloads"][0]
# the driver's own lists leave the comments out: a tool reads them from the catalogue
say("remarks", "%s%s" % (table.remarks or "", column.remarks or ""))
cur.execute("SELECT obj_description('hub.models'::regclass, 'pg_class')")
say("table", "%s: %s" % (table.table_type, cur.fetchone()[0]))
cur.execute("SELECT col_description('hub.models'::regclass, attnum) FROM pg_attribute WHERE attrelid = 'hub.models'::regclass AND attname = 'downloads'")
say("column", "%s: %s" % (column.type_name, cur.fetchone()[0]))
cur.execute("SELECT downloads, created_at, tags, trending_score, private FROM hub.models LIMIT 1")
say("types", ",".join(type(v).__name__ for v in cur.fetchone()))
for _ in range(7):
    cur.execute("SELECT count(*) FROM hub.models WHERE author = ?", author)
    say("prepared", cur.fetchone()[0])
cur.execute("SELECT summary, gini FROM board.concentration")
summary, gini = cur.fetchone()
say("summary", isinstance(summary, str) and len(summary) > 8)
say("gini", gini)

streamed = connect(UseDeclareFetch="1", Fetch="50")
rows = streamed.cursor().execute("SELECT id FROM hub.models")
say("streamed", len([row for row, _ in zip(rows, range(120))]))
rows.close()
streamed.close()

slow = conn.cursor()
began = time.monotonic()
threading.Timer(0.5, slow.cancel).start()
try:
    slow.execute("SELECT count(*) FROM slow.models")
    say("cancelled", "no")
except pyodbc.Error as e:
    # what the driver says of 57014: a state of ODBC's own
    say("cancelled", "57014" if e.args[0] in ("57014", "HY008") or "canceling statement" in str(e) else e.args[0])
say("cancel_late", "no" if time.monotonic() - began < 5 else "yes")
