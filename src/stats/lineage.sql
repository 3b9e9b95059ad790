-- lineage: who derives from whom

COMMENT ON TYPE lineage_summary IS 'a set of nodes and of edges from child to parent';

-- transitions, and aggregates

--each @types@ | @c@
--: text, text | trans
--: text, text, text | trans
--: text, text[] | trans_array
--: text, text[], text | trans_array
CREATE FUNCTION lineage_trans(lineage_summary, @types@) RETURNS lineage_summary
	AS 'MODULE_PATHNAME', 'pghub_lineage_@c@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lineage_trans(lineage_summary, @types@) IS 'transition of lineage_agg';
--end
--each @types@ | @c@
--: text, text, text | root_trans
--: text, text[], text | root_trans_array
CREATE FUNCTION lineage_root_trans(lineage_summary, @types@) RETURNS lineage_summary
	AS 'MODULE_PATHNAME', 'pghub_lineage_@c@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lineage_root_trans(lineage_summary, @types@) IS 'transition of lineage_descendants';
--end
CREATE FUNCTION lineage_root_final(lineage_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'pghub_lineage_root_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION lineage_root_final(lineage_summary) IS 'final function of lineage_descendants';

--each @name@ | @f@ | @args@ | @types@ | @comment@
--: lineage_agg | lineage | child text, parent text | text, text | lineage of the edges from child to parent
--: lineage_agg | lineage | child text, parent text, relation text | text, text, text | lineage of the edges from child to parent, each of a kind
--: lineage_agg | lineage | child text, parents text[] | text, text[] | lineage of the edges from child to all its parents
--: lineage_agg | lineage | child text, parents text[], relation text | text, text[], text | lineage of the edges from child to all its parents, of one kind
--: lineage_descendants | lineage_root | child text, parent text, root text | text, text, text | number of distinct descendants of root
--: lineage_descendants | lineage_root | child text, parents text[], root text | text, text[], text | number of distinct descendants of root
CREATE AGGREGATE @name@(@args@) (
	SFUNC = @f@_trans, STYPE = lineage_summary, SSPACE = 1024,
	COMBINEFUNC = lineage_combine, FINALFUNC = @f@_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @name@(@types@) IS '@comment@';
--end

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
