-- survival: durations with censoring

COMMENT ON TYPE survival_summary IS 'durations with censoring: items by duration and outcome';

-- state

CREATE FUNCTION survival_trans(survival_summary, double precision, boolean) RETURNS survival_summary
	AS 'MODULE_PATHNAME', 'pghub_survival_trans_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION survival_trans(survival_summary, double precision, boolean) IS 'transition of survival_agg';
CREATE FUNCTION survival_move(survival_summary, double precision, boolean) RETURNS survival_summary
	AS 'MODULE_PATHNAME', 'pghub_survival_move_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION survival_move(survival_summary, double precision, boolean) IS 'moving transition of survival_agg';
CREATE FUNCTION survival_unmove(survival_summary, double precision, boolean) RETURNS survival_summary
	AS 'MODULE_PATHNAME', 'pghub_survival_unmove_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION survival_unmove(survival_summary, double precision, boolean) IS 'inverse transition of survival_agg';
CREATE FUNCTION survival_trans(survival_summary, interval, boolean) RETURNS survival_summary
	AS 'MODULE_PATHNAME', 'pghub_survival_trans_interval' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION survival_trans(survival_summary, interval, boolean) IS 'transition of survival_agg';
CREATE FUNCTION survival_move(survival_summary, interval, boolean) RETURNS survival_summary
	AS 'MODULE_PATHNAME', 'pghub_survival_move_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION survival_move(survival_summary, interval, boolean) IS 'moving transition of survival_agg';
CREATE FUNCTION survival_unmove(survival_summary, interval, boolean) RETURNS survival_summary
	AS 'MODULE_PATHNAME', 'pghub_survival_unmove_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION survival_unmove(survival_summary, interval, boolean) IS 'inverse transition of survival_agg';
CREATE FUNCTION survival_combine(survival_summary, survival_summary) RETURNS survival_summary
	AS 'MODULE_PATHNAME', 'pghub_survival_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION survival_rollup(survival_summary, survival_summary) RETURNS survival_summary
	AS 'MODULE_PATHNAME', 'pghub_survival_rollup' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION survival_final(survival_summary) RETURNS survival_summary
	AS 'MODULE_PATHNAME', 'pghub_survival_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION survival_plus(survival_summary, survival_summary) RETURNS survival_summary
	AS 'MODULE_PATHNAME', 'pghub_survival_plus' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION survival_combine(survival_summary, survival_summary) IS 'combination of two states';
COMMENT ON FUNCTION survival_rollup(survival_summary, survival_summary) IS 'transition of rollup';
COMMENT ON FUNCTION survival_final(survival_summary) IS 'canonical form of a state';
COMMENT ON FUNCTION survival_plus(survival_summary, survival_summary) IS 'items of both summaries';

CREATE OPERATOR + (
	FUNCTION = survival_plus, LEFTARG = survival_summary, RIGHTARG = survival_summary,
	COMMUTATOR = +
);

-- aggregates; MINITCOND is the empty summary

CREATE AGGREGATE survival_agg(duration interval, observed boolean) (
	SFUNC = survival_trans, STYPE = survival_summary, SSPACE = 1024,
	COMBINEFUNC = survival_combine, FINALFUNC = survival_final,
	MSFUNC = survival_move, MINVFUNC = survival_unmove,
	MSTYPE = survival_summary, MSSPACE = 1024,
	MFINALFUNC = survival_final, MINITCOND = 'survival:UwEAAA==',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE survival_agg(interval, boolean) IS 'summary of durations with censoring';
CREATE AGGREGATE survival_agg(duration double precision, observed boolean) (
	SFUNC = survival_trans, STYPE = survival_summary, SSPACE = 1024,
	COMBINEFUNC = survival_combine, FINALFUNC = survival_final,
	MSFUNC = survival_move, MINVFUNC = survival_unmove,
	MSTYPE = survival_summary, MSSPACE = 1024,
	MFINALFUNC = survival_final, MINITCOND = 'survival:UwEAAA==',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE survival_agg(double precision, boolean) IS 'summary of durations with censoring';
CREATE AGGREGATE rollup(survival_summary) (
	SFUNC = survival_rollup, STYPE = survival_summary, SSPACE = 4096,
	COMBINEFUNC = survival_combine, FINALFUNC = survival_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(survival_summary) IS 'items of all summaries';

-- readers

CREATE TYPE logrank AS (chi_square double precision, degrees integer, p_value double precision);
COMMENT ON TYPE logrank IS 'result of a log-rank test';

CREATE FUNCTION survival_curve(s survival_summary) RETURNS TABLE (at double precision, at_risk bigint, events bigint, censored bigint, survival double precision, std_error double precision)
	AS 'MODULE_PATHNAME', 'pghub_survival_curve' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
CREATE FUNCTION median_survival(s survival_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'pghub_median_survival' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION restricted_mean(s survival_summary, horizon double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'pghub_restricted_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION logrank_test(a survival_summary, b survival_summary) RETURNS logrank
	AS 'MODULE_PATHNAME', 'pghub_logrank_pair' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION logrank_test(summaries survival_summary[]) RETURNS logrank
	AS 'MODULE_PATHNAME', 'pghub_logrank_array' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION survival_curve(survival_summary) IS 'Kaplan-Meier estimate with Greenwood''s standard error';
COMMENT ON FUNCTION median_survival(survival_summary) IS 'smallest duration, in days, at which at most half survive; NULL if never';
COMMENT ON FUNCTION restricted_mean(survival_summary, double precision) IS 'mean duration, in days, up to the horizon; NULL where the curve is not known that far';
COMMENT ON FUNCTION logrank_test(survival_summary, survival_summary) IS 'log-rank test of two groups';
COMMENT ON FUNCTION logrank_test(survival_summary[]) IS 'log-rank test of several groups';
