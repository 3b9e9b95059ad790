\echo Use "CREATE EXTENSION net_probe" to load this file. \quit

CREATE TYPE net_answer AS (status int, size bigint, body text, next text, url text,
	redirected boolean, requests bigint, retries bigint, bytes_wire bigint,
	bytes_decoded bigint, quota_wait_ms bigint);
CREATE FUNCTION net_probe(endpoint text, paths text[], token text DEFAULT NULL,
	trusted boolean DEFAULT true, connect_timeout int DEFAULT 10000, timeout int DEFAULT 60000,
	max_retries int DEFAULT 5, quota_wait_max int DEFAULT 900000, max_concurrency int DEFAULT 16,
	max_response_mb int DEFAULT 64, cache_ttl int DEFAULT 0, server oid DEFAULT 1,
	follow boolean DEFAULT false, ca_file text DEFAULT NULL, proxy text DEFAULT NULL,
	accept_errors boolean DEFAULT false)
	RETURNS SETOF net_answer LANGUAGE C VOLATILE AS 'MODULE_PATHNAME';
CREATE FUNCTION net_probe_quota(server oid) RETURNS text LANGUAGE C STRICT AS 'MODULE_PATHNAME';
CREATE FUNCTION net_probe_fds() RETURNS int LANGUAGE C AS 'MODULE_PATHNAME';
CREATE FUNCTION net_probe_flush() RETURNS bigint LANGUAGE C AS 'MODULE_PATHNAME';
CREATE FUNCTION net_probe_link(text) RETURNS text LANGUAGE C STRICT AS 'MODULE_PATHNAME';
CREATE FUNCTION net_probe_rate(text, text) RETURNS text LANGUAGE C STRICT AS 'MODULE_PATHNAME';
CREATE FUNCTION net_probe_after(text, bigint) RETURNS bigint LANGUAGE C STRICT AS 'MODULE_PATHNAME';
CREATE FUNCTION net_probe_resolve(text, text) RETURNS text LANGUAGE C STRICT AS 'MODULE_PATHNAME';
CREATE FUNCTION net_probe_private(text) RETURNS boolean LANGUAGE C STRICT AS 'MODULE_PATHNAME';
CREATE FUNCTION net_probe_escape(text) RETURNS text LANGUAGE C STRICT AS 'MODULE_PATHNAME';
