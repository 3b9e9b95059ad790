-- What the families that keep rows or edges have in common: combination,
-- rollup, canonical form, and the sum of two summaries.

--each @f@ | @what@
--: counter | readings
--: engagement | observations
--: lineage | nodes and edges
--: survival | items
--each @name@ | @args@ | @strict@ | @comment@
--: combine | @f@_summary, @f@_summary | STRICT | combination of two states
--: rollup | @f@_summary, @f@_summary | | transition of rollup
--: final | @f@_summary | | canonical form of a state
--: plus | @f@_summary, @f@_summary | STRICT | @what@ of both summaries
CREATE FUNCTION @f@_@name@(@args@) RETURNS @f@_summary
	AS 'MODULE_PATHNAME', 'pghub_@f@_@name@' LANGUAGE C IMMUTABLE @strict@ PARALLEL SAFE;
COMMENT ON FUNCTION @f@_@name@(@args@) IS '@comment@';
--end
CREATE OPERATOR + (
	FUNCTION = @f@_plus, LEFTARG = @f@_summary, RIGHTARG = @f@_summary,
	COMMUTATOR = +
);
COMMENT ON OPERATOR + (@f@_summary, @f@_summary) IS '@what@ of both summaries';
CREATE AGGREGATE rollup(@f@_summary) (
	SFUNC = @f@_rollup, STYPE = @f@_summary, SSPACE = 4096,
	COMBINEFUNC = @f@_combine, FINALFUNC = @f@_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(@f@_summary) IS '@what@ of all summaries';
--end
