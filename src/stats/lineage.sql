-- lineage: who derives from whom

COMMENT ON TYPE lineage_summary IS 'a set of nodes and of edges from child to parent';

-- state

CREATE FUNCTION lineage_trans(lineage_summary, text, text) RETURNS lineage_summary
	AS 'MODULE_PATHNAME', 'pghub_lineage_trans' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lineage_trans(lineage_summary, text, text) IS 'transition of lineage_agg';
CREATE FUNCTION lineage_trans(lineage_summary, text, text, text) RETURNS lineage_summary
	AS 'MODULE_PATHNAME', 'pghub_lineage_trans' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lineage_trans(lineage_summary, text, text, text) IS 'transition of lineage_agg';
CREATE FUNCTION lineage_trans(lineage_summary, text, text[]) RETURNS lineage_summary
	AS 'MODULE_PATHNAME', 'pghub_lineage_trans_array' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lineage_trans(lineage_summary, text, text[]) IS 'transition of lineage_agg';
CREATE FUNCTION lineage_trans(lineage_summary, text, text[], text) RETURNS lineage_summary
	AS 'MODULE_PATHNAME', 'pghub_lineage_trans_array' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lineage_trans(lineage_summary, text, text[], text) IS 'transition of lineage_agg';
CREATE FUNCTION lineage_root_trans(lineage_summary, text, text, text) RETURNS lineage_summary
	AS 'MODULE_PATHNAME', 'pghub_lineage_root_trans' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lineage_root_trans(lineage_summary, text, text, text) IS 'transition of lineage_descendants';
CREATE FUNCTION lineage_root_trans(lineage_summary, text, text[], text) RETURNS lineage_summary
	AS 'MODULE_PATHNAME', 'pghub_lineage_root_trans_array' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lineage_root_trans(lineage_summary, text, text[], text) IS 'transition of lineage_descendants';
CREATE FUNCTION lineage_combine(lineage_summary, lineage_summary) RETURNS lineage_summary
	AS 'MODULE_PATHNAME', 'pghub_lineage_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lineage_combine(lineage_summary, lineage_summary) IS 'combination of two states';
CREATE FUNCTION lineage_rollup(lineage_summary, lineage_summary) RETURNS lineage_summary
	AS 'MODULE_PATHNAME', 'pghub_lineage_rollup' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lineage_rollup(lineage_summary, lineage_summary) IS 'transition of rollup';
CREATE FUNCTION lineage_final(lineage_summary) RETURNS lineage_summary
	AS 'MODULE_PATHNAME', 'pghub_lineage_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lineage_final(lineage_summary) IS 'canonical form of a state';
CREATE FUNCTION lineage_root_final(lineage_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'pghub_lineage_root_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lineage_root_final(lineage_summary) IS 'final function of lineage_descendants';
CREATE FUNCTION lineage_plus(lineage_summary, lineage_summary) RETURNS lineage_summary
	AS 'MODULE_PATHNAME', 'pghub_lineage_plus' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lineage_plus(lineage_summary, lineage_summary) IS 'nodes and edges of both summaries';

CREATE OPERATOR + (
	FUNCTION = lineage_plus, LEFTARG = lineage_summary, RIGHTARG = lineage_summary,
	COMMUTATOR = +
);
COMMENT ON OPERATOR + (lineage_summary, lineage_summary) IS 'nodes and edges of both summaries';

-- aggregates

CREATE AGGREGATE lineage_agg(child text, parent text) (
	SFUNC = lineage_trans, STYPE = lineage_summary, SSPACE = 1024,
	COMBINEFUNC = lineage_combine, FINALFUNC = lineage_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE lineage_agg(text, text) IS 'lineage of the edges from child to parent';
CREATE AGGREGATE lineage_agg(child text, parent text, relation text) (
	SFUNC = lineage_trans, STYPE = lineage_summary, SSPACE = 1024,
	COMBINEFUNC = lineage_combine, FINALFUNC = lineage_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE lineage_agg(text, text, text) IS 'lineage of the edges from child to parent, each of a kind';
CREATE AGGREGATE lineage_agg(child text, parents text[]) (
	SFUNC = lineage_trans, STYPE = lineage_summary, SSPACE = 1024,
	COMBINEFUNC = lineage_combine, FINALFUNC = lineage_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE lineage_agg(text, text[]) IS 'lineage of the edges from child to all its parents';
CREATE AGGREGATE lineage_agg(child text, parents text[], relation text) (
	SFUNC = lineage_trans, STYPE = lineage_summary, SSPACE = 1024,
	COMBINEFUNC = lineage_combine, FINALFUNC = lineage_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE lineage_agg(text, text[], text) IS 'lineage of the edges from child to all its parents, of one kind';
CREATE AGGREGATE lineage_descendants(child text, parent text, root text) (
	SFUNC = lineage_root_trans, STYPE = lineage_summary, SSPACE = 1024,
	COMBINEFUNC = lineage_combine, FINALFUNC = lineage_root_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE lineage_descendants(text, text, text) IS 'number of distinct descendants of root';
CREATE AGGREGATE lineage_descendants(child text, parents text[], root text) (
	SFUNC = lineage_root_trans, STYPE = lineage_summary, SSPACE = 1024,
	COMBINEFUNC = lineage_combine, FINALFUNC = lineage_root_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE lineage_descendants(text, text[], text) IS 'number of distinct descendants of root';
CREATE AGGREGATE rollup(lineage_summary) (
	SFUNC = lineage_rollup, STYPE = lineage_summary, SSPACE = 4096,
	COMBINEFUNC = lineage_combine, FINALFUNC = lineage_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(lineage_summary) IS 'nodes and edges of all summaries';

-- readers

CREATE TYPE lineage_overview AS (
	nodes bigint, edges bigint, roots bigint, self_loops bigint, cycles bigint, max_depth integer
);
COMMENT ON TYPE lineage_overview IS 'size and shape of a lineage';

CREATE FUNCTION lineage_descendants(l lineage_summary, root text, relations text[] DEFAULT NULL, max_depth integer DEFAULT NULL) RETURNS bigint
	AS 'MODULE_PATHNAME', 'pghub_lineage_descendants' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION lineage_descendants(lineage_summary, text, text[], integer) IS 'number of distinct descendants of root; NULL if it is unknown';
CREATE FUNCTION lineage_descendants(l lineage_summary, roots text[], relations text[] DEFAULT NULL, max_depth integer DEFAULT NULL) RETURNS bigint
	AS 'MODULE_PATHNAME', 'pghub_lineage_descendants_set' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION lineage_descendants(lineage_summary, text[], text[], integer) IS 'number of distinct descendants of all roots together, the roots left out';
CREATE FUNCTION descendants(l lineage_summary, root text, relations text[] DEFAULT NULL, max_depth integer DEFAULT NULL) RETURNS TABLE (id text, depth integer, relation text)
	AS 'MODULE_PATHNAME', 'pghub_lineage_descendants_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 100;
COMMENT ON FUNCTION descendants(lineage_summary, text, text[], integer) IS 'descendants of root, nearest first';
CREATE FUNCTION descendants(l lineage_summary, roots text[], relations text[] DEFAULT NULL, max_depth integer DEFAULT NULL) RETURNS TABLE (id text, depth integer, relation text)
	AS 'MODULE_PATHNAME', 'pghub_lineage_descendants_rows_set' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 100;
COMMENT ON FUNCTION descendants(lineage_summary, text[], text[], integer) IS 'descendants of all roots together, nearest first';
CREATE FUNCTION ancestors(l lineage_summary, id text) RETURNS TABLE (id text, depth integer)
	AS 'MODULE_PATHNAME', 'pghub_lineage_ancestors' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION ancestors(lineage_summary, text) IS 'ancestors of a node, nearest first';
CREATE FUNCTION lineage_roots(l lineage_summary) RETURNS TABLE (id text, in_cycle boolean)
	AS 'MODULE_PATHNAME', 'pghub_lineage_roots' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000;
COMMENT ON FUNCTION lineage_roots(lineage_summary) IS 'nodes without parents; a cycle without outside parent is one root';
CREATE FUNCTION lineage_nodes(l lineage_summary) RETURNS TABLE (id text, parents bigint, children bigint, descendants bigint, depth integer, height integer, root_count bigint, in_cycle boolean)
	AS 'MODULE_PATHNAME', 'pghub_lineage_nodes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 100000;
COMMENT ON FUNCTION lineage_nodes(lineage_summary) IS 'all nodes with exact counts';
CREATE FUNCTION lineage_origins(l lineage_summary) RETURNS TABLE (id text, root text, weight double precision)
	AS 'MODULE_PATHNAME', 'pghub_lineage_origins' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 100000;
COMMENT ON FUNCTION lineage_origins(lineage_summary) IS 'share of each root in each node: 1/k per parent';
CREATE FUNCTION lineage_edges(l lineage_summary) RETURNS TABLE (child text, parent text, relation text)
	AS 'MODULE_PATHNAME', 'pghub_lineage_edges' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 100000;
COMMENT ON FUNCTION lineage_edges(lineage_summary) IS 'all edges';
CREATE FUNCTION lineage_cycles(l lineage_summary) RETURNS TABLE (cycle integer, id text)
	AS 'MODULE_PATHNAME', 'pghub_lineage_cycles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION lineage_cycles(lineage_summary) IS 'nodes that are their own ancestors through others';
CREATE FUNCTION lineage_weighted(l lineage_summary, ids text[], amounts double precision[]) RETURNS TABLE (id text, own double precision, descendants_total double precision)
	AS 'MODULE_PATHNAME', 'pghub_lineage_weighted' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 100000;
COMMENT ON FUNCTION lineage_weighted(lineage_summary, text[], double precision[]) IS 'sum of a measure over the descendants of each node, each counted once';
CREATE FUNCTION lineage_info(l lineage_summary) RETURNS lineage_overview
	AS 'MODULE_PATHNAME', 'pghub_lineage_info' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION lineage_info(lineage_summary) IS 'size and shape of a lineage';
