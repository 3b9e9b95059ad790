-- weighted: values with exact sums of weights, for one-step aggregates.

COMMENT ON TYPE weighted_summary IS 'values with exact sums of their weights';

--each @types@
--: double precision, double precision
--: double precision, double precision, double precision
--each @step@ | @c@ | @strict@ | @comment@
--: add | add | | transition: a value and its weight
--: move_add | add | STRICT | transition of a moving window: a value enters
--: move_remove | remove | STRICT | transition of a moving window: a value leaves
CREATE FUNCTION weighted_summary_@step@(weighted_summary, @types@) RETURNS weighted_summary
	AS 'MODULE_PATHNAME', 'weighted_summary_@c@' LANGUAGE C IMMUTABLE @strict@ PARALLEL SAFE;
COMMENT ON FUNCTION weighted_summary_@step@(weighted_summary, @types@) IS '@comment@';
--end
--end
CREATE FUNCTION weighted_summary_combine(weighted_summary, weighted_summary) RETURNS weighted_summary
	AS 'MODULE_PATHNAME', 'weighted_summary_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_summary_combine(weighted_summary, weighted_summary) IS 'merges the states of two aggregates';

--each @name@ | @types@ | @comment@
--: weighted_mean | double precision, double precision | mean by weight
--: weighted_stddev | double precision, double precision | standard deviation by weight
--: weighted_median | double precision, double precision | weighted percentile 0.5
--: weighted_percentile | double precision, double precision, double precision | smallest value up to which lies at least p of the weight
CREATE FUNCTION @name@_final(weighted_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', '@name@_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @name@_final(weighted_summary) IS 'result of the aggregate @name@';
CREATE AGGREGATE @name@(@types@) (
	SFUNC = weighted_summary_add, STYPE = weighted_summary, SSPACE = 512,
	FINALFUNC = @name@_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = weighted_summary_combine, PARALLEL = SAFE,
	MSFUNC = weighted_summary_move_add, MINVFUNC = weighted_summary_move_remove,
	MSTYPE = weighted_summary, MFINALFUNC = @name@_final, MINITCOND = 'weighted:VwEAAA=='
);
COMMENT ON AGGREGATE @name@(@types@) IS '@comment@';
--end
