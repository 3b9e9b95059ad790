\echo Use "CREATE EXTENSION agg_probe" to load this file. \quit

-- a worker's part: transitions alone, the state as it crosses; several
-- arguments come as ROW(...)
CREATE FUNCTION agg_probe_add(internal, regprocedure, anyelement) RETURNS internal LANGUAGE C AS 'MODULE_PATHNAME';
CREATE FUNCTION agg_probe_text(internal) RETURNS text LANGUAGE C AS 'MODULE_PATHNAME';
CREATE FUNCTION agg_probe_binary(internal) RETURNS bytea LANGUAGE C AS 'MODULE_PATHNAME';
CREATE AGGREGATE worker_text(regprocedure, anyelement) (SFUNC = agg_probe_add, STYPE = internal, FINALFUNC = agg_probe_text);
CREATE AGGREGATE worker_binary(regprocedure, anyelement) (SFUNC = agg_probe_add, STYPE = internal, FINALFUNC = agg_probe_binary);

-- the coordinator's: states read, combined and finished; the result as text
CREATE FUNCTION agg_probe_merge(internal, regprocedure, text) RETURNS internal LANGUAGE C AS 'MODULE_PATHNAME', 'agg_probe_merge_text';
CREATE FUNCTION agg_probe_merge(internal, regprocedure, bytea) RETURNS internal LANGUAGE C AS 'MODULE_PATHNAME', 'agg_probe_merge_binary';
CREATE FUNCTION agg_probe_finish(internal) RETURNS text LANGUAGE C AS 'MODULE_PATHNAME';
CREATE AGGREGATE coordinator(regprocedure, text) (SFUNC = agg_probe_merge, STYPE = internal, FINALFUNC = agg_probe_finish);
CREATE AGGREGATE coordinator(regprocedure, bytea) (SFUNC = agg_probe_merge, STYPE = internal, FINALFUNC = agg_probe_finish);
