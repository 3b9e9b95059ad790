-- survival: durations with censoring

COMMENT ON TYPE survival_summary IS 'durations with censoring: items by duration and outcome';

-- transitions, and aggregates; MINITCOND is the empty summary

--each @type@ | @c@
--: interval | interval
--: double precision | float8
--each @step@ | @strict@ | @what@
--: trans | | transition
--: move | STRICT | moving transition
--: unmove | STRICT | inverse transition
CREATE FUNCTION survival_@step@(survival_summary, @type@, boolean) RETURNS survival_summary
	AS 'MODULE_PATHNAME', 'pghub_survival_@step@_@c@' LANGUAGE C IMMUTABLE @strict@ PARALLEL SAFE;
COMMENT ON FUNCTION survival_@step@(survival_summary, @type@, boolean) IS '@what@ of survival_agg';
--end
CREATE AGGREGATE survival_agg(duration @type@, observed boolean) (
	SFUNC = survival_trans, STYPE = survival_summary, SSPACE = 1024,
	COMBINEFUNC = survival_combine, FINALFUNC = survival_final,
	MSFUNC = survival_move, MINVFUNC = survival_unmove,
	MSTYPE = survival_summary, MSSPACE = 1024,
	MFINALFUNC = survival_final, MINITCOND = 'survival:UwEAAA==',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE survival_agg(@type@, boolean) IS 'summary of durations with censoring';
--end

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
