-- weighted: values with exact sums of weights, for one-step aggregates.

COMMENT ON TYPE weighted_summary IS 'values with exact sums of their weights';

CREATE FUNCTION weighted_summary_add(weighted_summary, double precision, double precision) RETURNS weighted_summary
	AS 'MODULE_PATHNAME', 'weighted_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION weighted_summary_add(weighted_summary, double precision, double precision) IS 'transition: a value and its weight';
CREATE FUNCTION weighted_summary_move_add(weighted_summary, double precision, double precision) RETURNS weighted_summary
	AS 'MODULE_PATHNAME', 'weighted_summary_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_summary_move_add(weighted_summary, double precision, double precision) IS 'transition of a moving window: a value enters';
CREATE FUNCTION weighted_summary_move_remove(weighted_summary, double precision, double precision) RETURNS weighted_summary
	AS 'MODULE_PATHNAME', 'weighted_summary_remove' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_summary_move_remove(weighted_summary, double precision, double precision) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION weighted_summary_add(weighted_summary, double precision, double precision, double precision) RETURNS weighted_summary
	AS 'MODULE_PATHNAME', 'weighted_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION weighted_summary_add(weighted_summary, double precision, double precision, double precision) IS 'transition: a value and its weight';
CREATE FUNCTION weighted_summary_move_add(weighted_summary, double precision, double precision, double precision) RETURNS weighted_summary
	AS 'MODULE_PATHNAME', 'weighted_summary_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_summary_move_add(weighted_summary, double precision, double precision, double precision) IS 'transition of a moving window: a value enters';
CREATE FUNCTION weighted_summary_move_remove(weighted_summary, double precision, double precision, double precision) RETURNS weighted_summary
	AS 'MODULE_PATHNAME', 'weighted_summary_remove' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_summary_move_remove(weighted_summary, double precision, double precision, double precision) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION weighted_summary_combine(weighted_summary, weighted_summary) RETURNS weighted_summary
	AS 'MODULE_PATHNAME', 'weighted_summary_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_summary_combine(weighted_summary, weighted_summary) IS 'merges the states of two aggregates';
CREATE FUNCTION weighted_mean_final(weighted_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'weighted_mean_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_mean_final(weighted_summary) IS 'result of the aggregate weighted_mean';
CREATE FUNCTION weighted_stddev_final(weighted_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'weighted_stddev_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_stddev_final(weighted_summary) IS 'result of the aggregate weighted_stddev';
CREATE FUNCTION weighted_median_final(weighted_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'weighted_median_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_median_final(weighted_summary) IS 'result of the aggregate weighted_median';
CREATE FUNCTION weighted_percentile_final(weighted_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'weighted_percentile_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_percentile_final(weighted_summary) IS 'result of the aggregate weighted_percentile';
CREATE AGGREGATE weighted_mean(double precision, double precision) (
	SFUNC = weighted_summary_add, STYPE = weighted_summary, SSPACE = 512,
	FINALFUNC = weighted_mean_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = weighted_summary_combine, PARALLEL = SAFE,
	MSFUNC = weighted_summary_move_add, MINVFUNC = weighted_summary_move_remove,
	MSTYPE = weighted_summary, MFINALFUNC = weighted_mean_final, MINITCOND = 'weighted:VwEAAA=='
);
COMMENT ON AGGREGATE weighted_mean(double precision, double precision) IS 'mean by weight';
CREATE AGGREGATE weighted_stddev(double precision, double precision) (
	SFUNC = weighted_summary_add, STYPE = weighted_summary, SSPACE = 512,
	FINALFUNC = weighted_stddev_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = weighted_summary_combine, PARALLEL = SAFE,
	MSFUNC = weighted_summary_move_add, MINVFUNC = weighted_summary_move_remove,
	MSTYPE = weighted_summary, MFINALFUNC = weighted_stddev_final, MINITCOND = 'weighted:VwEAAA=='
);
COMMENT ON AGGREGATE weighted_stddev(double precision, double precision) IS 'standard deviation by weight';
CREATE AGGREGATE weighted_median(double precision, double precision) (
	SFUNC = weighted_summary_add, STYPE = weighted_summary, SSPACE = 512,
	FINALFUNC = weighted_median_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = weighted_summary_combine, PARALLEL = SAFE,
	MSFUNC = weighted_summary_move_add, MINVFUNC = weighted_summary_move_remove,
	MSTYPE = weighted_summary, MFINALFUNC = weighted_median_final, MINITCOND = 'weighted:VwEAAA=='
);
COMMENT ON AGGREGATE weighted_median(double precision, double precision) IS 'weighted percentile 0.5';
CREATE AGGREGATE weighted_percentile(double precision, double precision, double precision) (
	SFUNC = weighted_summary_add, STYPE = weighted_summary, SSPACE = 512,
	FINALFUNC = weighted_percentile_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = weighted_summary_combine, PARALLEL = SAFE,
	MSFUNC = weighted_summary_move_add, MINVFUNC = weighted_summary_move_remove,
	MSTYPE = weighted_summary, MFINALFUNC = weighted_percentile_final, MINITCOND = 'weighted:VwEAAA=='
);
COMMENT ON AGGREGATE weighted_percentile(double precision, double precision, double precision) IS 'smallest value up to which lies at least p of the weight';
