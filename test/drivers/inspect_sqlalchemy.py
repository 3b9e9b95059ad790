"""What a tool on SQLAlchemy (Superset) asks on connecting: inspect_sqlalchemy.py HOST PORT."""
import sys
import warnings

from sqlalchemy import create_engine, inspect, text


def say(name, value):
    print("%s\t%s" % (name, value))


engine = create_engine("postgresql+psycopg2://dashboards@%s:%s/postgres" % tuple(sys.argv[1:3]))
with engine.connect() as conn, warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    look = inspect(conn)
    say("schemas", ",".join(sorted(look.get_schema_names())))
    say("tables", ",".join(sorted(look.get_table_names(schema="board"))))
    say("views", ",".join(sorted(look.get_view_names(schema="board"))))
    say("foreign", ",".join(sorted(look.get_foreign_table_names(schema="hub"))))
    say("comment", look.get_table_comment("models", schema="hub")["text"])
    for column in look.get_columns("models", schema="hub"):
        if column["name"] in ("downloads", "tags", "created_at"):
            say("column", "%s %s: %s" % (column["name"], column["type"], column["comment"]))
    for column in look.get_columns("concentration", schema="board"):
        say("board", "%s %s" % (column["name"], column["type"]))
    say("keys", (look.get_pk_constraint("models", schema="hub"), look.get_foreign_keys("models", schema="hub"),
                 look.get_indexes("models", schema="hub"), look.get_check_constraints("models", schema="hub"))[1:])
    say("definition", bool(look.get_view_definition("concentration", schema="board")))
    say("preview", len(conn.execute(text("SELECT * FROM board.concentration LIMIT 1000")).fetchall()))
    say("unknown", ",".join(sorted({str(w.message).split("'")[1] for w in said if "Did not recognize" in str(w.message)})))
