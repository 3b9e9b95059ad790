-- what this session asked of the Hub

CREATE FUNCTION hub_session_stats(OUT server oid, OUT user_mapping oid, OUT requests bigint, OUT retries bigint, OUT bytes_wire bigint, OUT bytes_decoded bigint, OUT quota_wait_ms bigint, OUT cache_hits bigint, OUT quota_left bigint, OUT quota_limit bigint, OUT quota_reset_s integer) RETURNS SETOF record
LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'hub_session_stats';
COMMENT ON FUNCTION hub_session_stats() IS 'requests, bytes, retries, waits and quota of this session, one row a server and user mapping';

CREATE VIEW hub_stats AS
SELECT s.srvname AS server, m.usename AS user_name, t.requests, t.retries, t.bytes_wire, t.bytes_decoded,
	pg_catalog.make_interval(secs => t.quota_wait_ms OPERATOR(pg_catalog./) 1000.0::pg_catalog.float8) AS quota_wait,
	t.cache_hits, t.quota_left, t.quota_limit, pg_catalog.make_interval(secs => t.quota_reset_s) AS quota_reset
FROM hub_session_stats() t
	LEFT JOIN pg_catalog.pg_foreign_server s ON s.oid OPERATOR(pg_catalog.=) t.server
	LEFT JOIN pg_catalog.pg_user_mappings m ON m.umid OPERATOR(pg_catalog.=) t.user_mapping;
COMMENT ON VIEW hub_stats IS 'what this session asked of each server: requests, bytes, retries, waits, quota left';
GRANT SELECT ON hub_stats TO PUBLIC;

CREATE FUNCTION hub_cache_flush() RETURNS bigint
LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'hub_cache_flush';
COMMENT ON FUNCTION hub_cache_flush() IS 'drops the answers that this session keeps for cache_ttl; their number';
