# What BI tools ask of the catalogue when they connect, as a role that may only
# read: every query answers, shows what the tool needs, and sends nothing to
# the Hub. The queries are those that the tools are known to send, reduced to
# what bears on foreign tables, views and the extension's types.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use IPC::Run ();
use StandIn;

my $hub = StandIn->new(models => 300);
my $node = PostgreSQL::Test::Cluster->new('bi');
$node->init;
$node->append_conf('postgresql.conf', "listen_addresses = '127.0.0.1'\n");
$node->append_conf('pg_hba.conf', "host all dashboards 127.0.0.1/32 trust\n");
$node->start;

# the objects and the role of docs/bi.md, with a live schema that the role can see but should not need
$node->safe_psql('postgres', <<SQL);
CREATE EXTENSION pghub;
CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '@{[ $hub->url ]}');
CREATE SCHEMA hub; CREATE SCHEMA store; CREATE SCHEMA board;
IMPORT FOREIGN SCHEMA hub LIMIT TO (models, datasets) FROM SERVER hub INTO hub;
CREATE MATERIALIZED VIEW store.concentration AS
	SELECT current_date AS captured_on, s, gini(s) AS gini FROM (SELECT distribution_agg(downloads_all_time) AS s FROM hub.models) q;
CREATE VIEW board.concentration AS SELECT captured_on, gini, s AS summary FROM store.concentration;
COMMENT ON VIEW board.concentration IS 'how unequal downloads are, by day';
CREATE ROLE dashboards LOGIN;
GRANT USAGE ON SCHEMA board, hub TO dashboards;
GRANT SELECT ON ALL TABLES IN SCHEMA board, hub TO dashboards;
ALTER ROLE dashboards SET default_transaction_read_only = on;
ALTER ROLE dashboards SET statement_timeout = '60s';
ALTER ROLE dashboards SET pghub.max_requests = 20;
ANALYZE store.concentration;
SQL
$hub->clear;

sub asks
{
	my ($tool, $what, $sql, %like) = @_;
	my ($out, $err) = ('', '');
	my $rc = $node->psql('postgres', $sql, stdout => \$out, stderr => \$err, extra_params => [ '-U', 'dashboards', '-h', '127.0.0.1' ]);
	is("$rc $err", '0 ', "$tool: $what");
	like($out, $like{$_}, "$tool: $what: $_") for sort keys %like;
	unlike($out, qr/^store\|/m, "$tool: $what: the store is not shown") if $what =~ /tables/;
	return $out;
}

# ---- Power BI: tables and columns by information_schema; keys and relations; types by Npgsql
asks('Power BI', 'tables', q{SELECT table_schema, table_name, table_type FROM information_schema.tables
	WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY table_schema, table_name},
	'the view' => qr/^board\|concentration\|VIEW$/m, 'the live table' => qr/^hub\|models\|FOREIGN$/m);
asks('Power BI', 'columns', q{SELECT column_name, ordinal_position, is_nullable, CASE WHEN data_type LIKE '%unsigned%' THEN data_type || ' unsigned' ELSE data_type END AS data_type
	FROM information_schema.columns WHERE table_schema = 'board' AND table_name = 'concentration' ORDER BY ordinal_position},
	'standard types' => qr/^gini\|2\|YES\|double precision$/m, 'a summary is of a type of its own' => qr/^summary\|3\|YES\|USER-DEFINED$/m);
asks('Power BI', 'relations', q{SELECT i.column_name, i.table_schema || '_' || i.table_name AS pk_table, ii.constraint_name
	FROM information_schema.constraint_column_usage i JOIN information_schema.referential_constraints ii
		ON i.constraint_schema = ii.unique_constraint_schema AND i.constraint_name = ii.unique_constraint_name
	WHERE i.table_schema = 'board'});
asks('Power BI', 'keys', q{SELECT i.constraint_schema || '_' || i.constraint_name, ii.column_name, ii.ordinal_position,
		CASE WHEN i.constraint_type = 'PRIMARY KEY' THEN 'Y' ELSE 'N' END
	FROM information_schema.table_constraints i JOIN information_schema.key_column_usage ii
		USING (constraint_schema, constraint_name, table_schema, table_name)
	WHERE i.table_schema = 'board' AND i.constraint_type IN ('PRIMARY KEY', 'UNIQUE')});
my $types = q{SELECT ns.nspname, t.typname, t.typtype, t.elemtypoid FROM (
		SELECT typ.oid, typ.typnamespace, typ.typname, typ.typtype, typ.relkind, typ.elemtypoid, elemtyp.typname AS elemtypname, elemcls.relkind AS elemrelkind,
			CASE WHEN elemproc.proname = 'array_recv' THEN 'a' ELSE elemtyp.typtype END AS elemtyptype
		FROM (
			SELECT typ.oid, typnamespace, typname, relkind, CASE WHEN proc.proname = 'array_recv' THEN 'a' ELSE typ.typtype END AS typtype,
				CASE WHEN proc.proname = 'array_recv' THEN typ.typelem WHEN typ.typtype = 'r' THEN rngsubtype
					WHEN typ.typtype = 'm' THEN (SELECT rngtypid FROM pg_range WHERE rngmultitypid = typ.oid) WHEN typ.typtype = 'd' THEN typ.typbasetype END AS elemtypoid
			FROM pg_type typ LEFT JOIN pg_class cls ON cls.oid = typ.typrelid LEFT JOIN pg_proc proc ON proc.oid = typ.typreceive
				LEFT JOIN pg_range ON pg_range.rngtypid = typ.oid) typ
			LEFT JOIN pg_type elemtyp ON elemtyp.oid = elemtypoid LEFT JOIN pg_class elemcls ON elemcls.oid = elemtyp.typrelid
			LEFT JOIN pg_proc elemproc ON elemproc.oid = elemtyp.typreceive) t
		JOIN pg_namespace ns ON ns.oid = typnamespace
	WHERE typtype IN ('b', 'r', 'm', 'e', 'd') OR (typtype = 'c' AND relkind = 'c') OR (typtype = 'p' AND typname IN ('record', 'void', 'unknown'))
		OR (typtype = 'a' AND (elemtyptype IN ('b', 'r', 'm', 'e', 'd') OR (elemtyptype = 'p' AND elemtypname IN ('record', 'void')) OR (elemtyptype = 'c' AND elemrelkind = 'c')))
	ORDER BY CASE WHEN typtype IN ('b', 'e', 'p') THEN 0 WHEN typtype = 'r' THEN 1 WHEN typtype = 'm' THEN 2 WHEN typtype = 'c' THEN 3 WHEN typtype = 'd' THEN 5 ELSE 6 END, ns.nspname, t.typname};
asks('Npgsql', 'types', $types, 'a summary type' => qr/^public\|distribution_summary\|b\|$/m, 'its array' => qr/^public\|_distribution_summary\|a\|\d+$/m,
	'a row type that functions return' => qr/^public\|duration_estimate\|c\|$/m);

# ---- Grafana: version, tables, columns, and the query of a panel
asks('Grafana', 'version', q{SELECT current_setting('server_version_num')::int / 100}, 'a number' => qr/^1[5-9]\d\d$/);
asks('Grafana', 'tables', q{SELECT CASE WHEN quote_ident(table_schema) IN (
		SELECT CASE WHEN trim(s[i]) = '"$user"' THEN user ELSE trim(s[i]) END
		FROM generate_series(array_lower(string_to_array(current_setting('search_path'), ','), 1), array_upper(string_to_array(current_setting('search_path'), ','), 1)) AS i,
			string_to_array(current_setting('search_path'), ',') s)
	THEN quote_ident(table_name) ELSE quote_ident(table_schema) || '.' || quote_ident(table_name) END AS "table"
	FROM information_schema.tables WHERE quote_ident(table_schema) NOT IN ('information_schema', 'pg_catalog', '_timescaledb_cache', '_timescaledb_catalog',
		'_timescaledb_internal', '_timescaledb_config', 'timescaledb_information', 'timescaledb_experimental') ORDER BY 1},
	'the view' => qr/^board\.concentration$/m);
asks('Grafana', 'columns', q{SELECT quote_ident(column_name) AS "column", data_type AS "type" FROM information_schema.columns
	WHERE quote_ident(table_schema) || '.' || quote_ident(table_name) = 'board.concentration'}, 'a date' => qr/^captured_on\|date$/m);
asks('Grafana', 'a panel', q{SELECT captured_on::timestamptz AS time, gini FROM board.concentration
	WHERE captured_on BETWEEN '2020-01-01T00:00:00Z' AND '2100-01-01T00:00:00Z' ORDER BY 1}, 'a point' => qr/^\d{4}-.*\|0\.\d+$/m);

# ---- Metabase: tables with comments and row estimates, privileges, fields, keys, enumerations, time zone
asks('Metabase', 'tables', q{SELECT n.nspname AS schema, c.relname AS name,
		CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'p' THEN 'PARTITIONED TABLE' WHEN 'v' THEN 'VIEW' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'm' THEN 'MATERIALIZED VIEW' END AS type,
		d.description, NULLIF(stat.n_live_tup, 0) AS estimated_row_count
	FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON c.relnamespace = n.oid
		LEFT JOIN pg_catalog.pg_description d ON c.oid = d.objoid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass
		LEFT JOIN pg_stat_user_tables stat ON n.nspname = stat.schemaname AND c.relname = stat.relname
	WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'f', 'm') AND n.nspname IN ('board', 'hub') ORDER BY 1, 2},
	'the view and its comment' => qr/^board\|concentration\|VIEW\|how unequal downloads are, by day\|$/m, 'the live table and its comment' => qr/^hub\|models\|FOREIGN TABLE\|\w.+\|$/m);
asks('Metabase', 'privileges', q{WITH table_privileges AS (
		SELECT NULL AS role, t.schemaname AS schema, t.objectname AS table,
			pg_catalog.has_any_column_privilege(current_user, '"' || t.schemaname || '"."' || t.objectname || '"', 'update') AS update,
			pg_catalog.has_any_column_privilege(current_user, '"' || t.schemaname || '"."' || t.objectname || '"', 'select') AS select,
			pg_catalog.has_table_privilege(current_user, '"' || t.schemaname || '"."' || t.objectname || '"', 'delete') AS delete
		FROM (SELECT schemaname, tablename AS objectname FROM pg_catalog.pg_tables UNION SELECT schemaname, viewname FROM pg_views
			UNION SELECT schemaname, matviewname FROM pg_matviews) t
		WHERE t.schemaname !~ '^pg_' AND t.schemaname <> 'information_schema' AND pg_catalog.has_schema_privilege(current_user, t.schemaname, 'usage'))
	SELECT t.* FROM table_privileges t WHERE t.select OR t.update OR t.delete}, 'reads and writes nothing' => qr/^\|board\|concentration\|f\|t\|f$/m);
asks('Metabase', 'fields', q{SELECT c.column_name AS name, CASE WHEN c.udt_schema IN ('public', 'pg_catalog') THEN format('%s', c.udt_name) ELSE format('"%s"."%s"', c.udt_schema, c.udt_name) END AS database_type,
		c.ordinal_position - 1 AS position, c.table_schema AS schema, c.table_name AS table, pk.column_name IS NOT NULL AS pk, col_description(cls.oid, c.ordinal_position::int) AS comment,
		(column_default IS NULL OR lower(column_default) = 'null') AND is_nullable = 'NO' AND NOT (column_default IS NOT NULL AND column_default LIKE '%nextval(%') AND is_identity = 'NO' AS required
	FROM information_schema.columns c JOIN pg_catalog.pg_namespace ns ON ns.nspname = c.table_schema
		JOIN pg_catalog.pg_class cls ON cls.relnamespace = ns.oid AND cls.relname = c.table_name
		LEFT JOIN (SELECT tc.table_schema, tc.table_name, kc.column_name FROM information_schema.table_constraints tc
			JOIN information_schema.key_column_usage kc USING (constraint_name, table_schema, table_name) WHERE tc.constraint_type = 'PRIMARY KEY') pk
			USING (table_schema, table_name, column_name)
	WHERE c.table_schema IN ('board', 'hub') ORDER BY 5, 3},
	'types and comments' => qr/^downloads\|int8\|\d+\|hub\|models\|f\|\w.+\|f$/m, 'arrays' => qr/^tags\|_text\|/m, 'summaries' => qr/^summary\|distribution_summary\|/m);
asks('Metabase', 'enumerations', q{SELECT nspname, typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid IN (SELECT DISTINCT e.enumtypid FROM pg_enum e)});
asks('Metabase', 'time zone', 'SHOW TIMEZONE', 'one' => qr/\w/);

# ---- Tableau and others by ODBC: what psqlODBC asks for a list of tables and their columns
asks('Tableau', 'tables', q{SELECT relname, nspname, relkind FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n
	WHERE relkind IN ('r', 'v', 'm', 'f', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pg_temp_1') AND n.oid = relnamespace
		AND has_schema_privilege(n.oid, 'usage') ORDER BY nspname, relname}, 'the view' => qr/^concentration\|board\|v$/m, 'the live table' => qr/^models\|hub\|f$/m);
asks('Tableau', 'columns', q{SELECT n.nspname, c.relname, a.attname, a.atttypid, t.typname, a.attnum, a.attlen, a.atttypmod, a.attnotnull, c.relhasrules, c.relkind, c.oid,
		pg_get_expr(d.adbin, d.adrelid), CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE 0 END, t.typtypmod
	FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_class c ON n.oid = c.relnamespace AND c.relname = 'models' AND n.nspname = 'hub'
		JOIN pg_catalog.pg_attribute a ON NOT a.attisdropped AND a.attnum > 0 AND a.attrelid = c.oid JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
		LEFT JOIN pg_attrdef d ON a.atthasdef AND d.adrelid = a.attrelid AND d.adnum = a.attnum ORDER BY n.nspname, c.relname, attnum}, 'bigint' => qr/\|downloads\|20\|int8\|/);
# it looks at the columns of a table by asking for no rows of it
asks('Tableau', 'the columns of a live table', 'SELECT * FROM hub.models LIMIT 0');
asks('Tableau', 'the columns of a query', 'SELECT * FROM (SELECT id, downloads FROM hub.models) "Custom SQL Query" WHERE false');

is(scalar(() = $hub->log), 0, 'no query of the catalogue asked the Hub');

# ---- Superset: SQLAlchemy's inspector itself
SKIP:
{
	skip 'SQLAlchemy: needs python3-sqlalchemy', 1 if system '/usr/bin/python3 -c "import sqlalchemy, psycopg2" 2>/dev/null';
	my ($out, $err) = ('', '');
	IPC::Run::run([ '/usr/bin/python3', "$ENV{PGHUB_TOP}/test/drivers/inspect_sqlalchemy.py", '127.0.0.1', $node->port ], '>', \$out, '2>', \$err, IPC::Run::timeout(60)) or diag $err;
	like($out, qr/^schemas\t.*board.*hub/m, 'SQLAlchemy: schemas');
	like($out, qr/^views\tconcentration$/m, 'SQLAlchemy: views');
	like($out, qr/^foreign\tdatasets,models$/m, 'SQLAlchemy: foreign tables, by a name of their own');
	like($out, qr/^comment\t\w.+/m, 'SQLAlchemy: the comment of a table');
	like($out, qr/^column\tdownloads BIGINT: \w.+/m, 'SQLAlchemy: a column, its type and comment');
	like($out, qr/^column\ttags ARRAY: /m, 'SQLAlchemy: an array');
	like($out, qr/^board\tgini (?:DOUBLE PRECISION|DOUBLE_PRECISION|FLOAT)/m, 'SQLAlchemy: a reader is a number');
	like($out, qr/^unknown\tdistribution_summary$/m, 'SQLAlchemy: a summary is the one type it does not know, and takes as text');
	like($out, qr/^preview\t1$/m, 'SQLAlchemy: rows');
	is(scalar(() = $hub->log), 0, 'SQLAlchemy: its inspection asks nothing of the Hub');
}

# ---- what the role may not do
my ($out, $err) = ('', '');
for my $case ([ 'CREATE TABLE board.x ()', qr/permission denied|read-only/ ], [ 'SELECT * FROM store.concentration', qr/permission denied/ ],
	[ "CALL hub_sync('hub', 'board')", qr/permission denied|read-only|transaction/ ], [ 'CREATE USER MAPPING FOR CURRENT_USER SERVER hub', qr/permission denied|read-only/ ])
{
	my ($sql, $refusal) = @$case;
	isnt($node->psql('postgres', $sql, stdout => \$out, stderr => \$err, extra_params => [ '-U', 'dashboards', '-h', '127.0.0.1' ]), 0, "the role may not: $sql");
	like($err, $refusal, 'and is told so');
}
$node->stop;
done_testing();
