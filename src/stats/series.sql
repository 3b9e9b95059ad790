-- series: rows kept for aggregates that need them all

COMMENT ON TYPE series_summary IS 'rows (ts, a, b), the state of doubling_time, time_to_milestone, crossover and kendall_tau_b';

-- state

CREATE FUNCTION series_doubling(series_summary, timestamptz, double precision) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_doubling' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION series_doubling(series_summary, timestamptz, double precision) IS 'transition of doubling_time';
CREATE FUNCTION series_doubling_move(series_summary, timestamptz, double precision) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_doubling_move' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_doubling_move(series_summary, timestamptz, double precision) IS 'moving transition of doubling_time';
CREATE FUNCTION series_doubling_unmove(series_summary, timestamptz, double precision) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_doubling_unmove' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_doubling_unmove(series_summary, timestamptz, double precision) IS 'inverse transition of doubling_time';
CREATE FUNCTION doubling_time_final(series_summary) RETURNS interval
	AS 'MODULE_PATHNAME', 'pghub_doubling_time' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION doubling_time_final(series_summary) IS 'final function of doubling_time';
CREATE FUNCTION series_milestone(series_summary, timestamptz, double precision, double precision) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_milestone' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION series_milestone(series_summary, timestamptz, double precision, double precision) IS 'transition of time_to_milestone';
CREATE FUNCTION series_milestone_move(series_summary, timestamptz, double precision, double precision) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_milestone_move' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_milestone_move(series_summary, timestamptz, double precision, double precision) IS 'moving transition of time_to_milestone';
CREATE FUNCTION series_milestone_unmove(series_summary, timestamptz, double precision, double precision) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_milestone_unmove' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_milestone_unmove(series_summary, timestamptz, double precision, double precision) IS 'inverse transition of time_to_milestone';
CREATE FUNCTION time_to_milestone_final(series_summary) RETURNS timestamptz
	AS 'MODULE_PATHNAME', 'pghub_time_to_milestone' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION time_to_milestone_final(series_summary) IS 'final function of time_to_milestone';
CREATE FUNCTION series_crossover(series_summary, timestamptz, double precision, double precision, interval) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_crossover' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION series_crossover(series_summary, timestamptz, double precision, double precision, interval) IS 'transition of crossover';
CREATE FUNCTION series_crossover_move(series_summary, timestamptz, double precision, double precision, interval) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_crossover_move' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_crossover_move(series_summary, timestamptz, double precision, double precision, interval) IS 'moving transition of crossover';
CREATE FUNCTION series_crossover_unmove(series_summary, timestamptz, double precision, double precision, interval) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_crossover_unmove' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_crossover_unmove(series_summary, timestamptz, double precision, double precision, interval) IS 'inverse transition of crossover';
CREATE FUNCTION crossover_final(series_summary) RETURNS timestamptz
	AS 'MODULE_PATHNAME', 'pghub_crossover' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION crossover_final(series_summary) IS 'final function of crossover';
CREATE FUNCTION series_kendall(series_summary, double precision, double precision) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_kendall' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION series_kendall(series_summary, double precision, double precision) IS 'transition of kendall_tau_b';
CREATE FUNCTION series_kendall_move(series_summary, double precision, double precision) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_kendall_move' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_kendall_move(series_summary, double precision, double precision) IS 'moving transition of kendall_tau_b';
CREATE FUNCTION series_kendall_unmove(series_summary, double precision, double precision) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_kendall_unmove' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_kendall_unmove(series_summary, double precision, double precision) IS 'inverse transition of kendall_tau_b';
CREATE FUNCTION kendall_tau_b_final(series_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'pghub_kendall_tau_b' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kendall_tau_b_final(series_summary) IS 'final function of kendall_tau_b';
CREATE FUNCTION series_combine(series_summary, series_summary) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_combine(series_summary, series_summary) IS 'combination of two states';

-- aggregates; MINITCOND is the empty summary of each

CREATE AGGREGATE doubling_time(ts timestamptz, value double precision) (
	SFUNC = series_doubling, STYPE = series_summary, SSPACE = 2048,
	COMBINEFUNC = series_combine, FINALFUNC = doubling_time_final,
	MSFUNC = series_doubling_move, MINVFUNC = series_doubling_unmove,
	MSTYPE = series_summary, MSSPACE = 2048,
	MFINALFUNC = doubling_time_final, MINITCOND = 'series:UgEBAAAAAAAAAAAA',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE doubling_time(timestamptz, double precision) IS 'time in which the fitted exponential doubles; NULL without growth';
CREATE AGGREGATE time_to_milestone(ts timestamptz, value double precision, x double precision) (
	SFUNC = series_milestone, STYPE = series_summary, SSPACE = 2048,
	COMBINEFUNC = series_combine, FINALFUNC = time_to_milestone_final,
	MSFUNC = series_milestone_move, MINVFUNC = series_milestone_unmove,
	MSTYPE = series_summary, MSSPACE = 2048,
	MFINALFUNC = time_to_milestone_final, MINITCOND = 'series:UgECAAAAAAAAAAAA',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE time_to_milestone(timestamptz, double precision, double precision) IS 'instant at which the value reaches x, interpolated';
CREATE AGGREGATE crossover(ts timestamptz, a double precision, b double precision, hold interval) (
	SFUNC = series_crossover, STYPE = series_summary, SSPACE = 2048,
	COMBINEFUNC = series_combine, FINALFUNC = crossover_final,
	MSFUNC = series_crossover_move, MINVFUNC = series_crossover_unmove,
	MSTYPE = series_summary, MSSPACE = 2048,
	MFINALFUNC = crossover_final, MINITCOND = 'series:UgEDAAAAAAAAAAAA',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE crossover(timestamptz, double precision, double precision, interval) IS 'first instant from which a > b for at least hold';
CREATE AGGREGATE kendall_tau_b(x double precision, y double precision) (
	SFUNC = series_kendall, STYPE = series_summary, SSPACE = 2048,
	COMBINEFUNC = series_combine, FINALFUNC = kendall_tau_b_final,
	MSFUNC = series_kendall_move, MINVFUNC = series_kendall_unmove,
	MSTYPE = series_summary, MSSPACE = 2048,
	MFINALFUNC = kendall_tau_b_final, MINITCOND = 'series:UgEEAAAAAAAAAAAA',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE kendall_tau_b(double precision, double precision) IS 'Kendall''s rank correlation, corrected for ties';
