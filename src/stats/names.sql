-- names, tags, sizes, ranks: functions of single values

CREATE FUNCTION repo_namespace(id text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE WHEN strpos(id, '/') > 0 THEN split_part(id, '/', 1) END;
	END;
CREATE FUNCTION repo_name(id text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT substr(id, strpos(id, '/') + 1);
	END;
CREATE FUNCTION params_from_name(id text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'pghub_params_from_name' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION size_class(params bigint, scheme text DEFAULT 'atom') RETURNS text
	AS 'MODULE_PATHNAME', 'pghub_size_class' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION tag_value(tags text[], key text) RETURNS text
	AS 'MODULE_PATHNAME', 'pghub_tag_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION tag_values(tags text[], key text) RETURNS text[]
	AS 'MODULE_PATHNAME', 'pghub_tag_values' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION growth_factor(earlier double precision, later double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'pghub_growth_factor' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION rank_turnover(a text[], b text[], k integer DEFAULT NULL) RETURNS double precision
	AS 'MODULE_PATHNAME', 'pghub_rank_turnover' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION rank_biased_overlap(a text[], b text[], p double precision DEFAULT 0.9) RETURNS double precision
	AS 'MODULE_PATHNAME', 'pghub_rank_biased_overlap' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE resolved_params AS (params bigint, source text);
COMMENT ON TYPE resolved_params IS 'a parameter count and where it comes from';

-- A count that is no positive number, or past bigint, is passed over: the next
-- source may know better.
CREATE FUNCTION resolve_params(safetensors jsonb, gguf jsonb, id text, override bigint) RETURNS resolved_params
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT ROW(c.params, c.source)::resolved_params
		FROM (VALUES
			(1, override::numeric, 'override'),
			(2, CASE WHEN jsonb_typeof(safetensors -> 'total') = 'number' THEN (safetensors ->> 'total')::numeric END, 'safetensors'),
			(3, CASE WHEN jsonb_typeof(gguf -> 'total') = 'number' THEN (gguf ->> 'total')::numeric END, 'gguf'),
			(4, params_from_name(id)::numeric, 'name')
		) AS c(step, params, source)
		WHERE c.params > 0 AND c.params < 9223372036854775807
		ORDER BY c.step LIMIT 1;
	END;

COMMENT ON FUNCTION repo_namespace(text) IS 'owner of a repository id; NULL for ids without one';
COMMENT ON FUNCTION repo_name(text) IS 'repository id without its owner';
COMMENT ON FUNCTION params_from_name(text) IS 'parameter count that the name tells; NULL if none';
COMMENT ON FUNCTION size_class(bigint, text) IS 'label of the size class of a parameter count';
COMMENT ON FUNCTION tag_value(text[], text) IS 'value of the first tag key:value';
COMMENT ON FUNCTION tag_values(text[], text) IS 'values of all tags key:value';
COMMENT ON FUNCTION growth_factor(double precision, double precision) IS 'later divided by earlier; NULL from 0';
COMMENT ON FUNCTION rank_turnover(text[], text[], integer) IS 'share of the top k of a that is not in the top k of b';
COMMENT ON FUNCTION rank_biased_overlap(text[], text[], double precision) IS 'similarity of two ranked lists, the top weighing most';
COMMENT ON FUNCTION resolve_params(jsonb, jsonb, text, bigint) IS 'parameter count from the best source: override, safetensors, gguf, name';
