-- series: rows kept for aggregates that need them all

COMMENT ON TYPE series_summary IS 'rows (ts, a, b), the state of doubling_time, time_to_milestone, crossover and kendall_tau_b';

CREATE FUNCTION series_combine(series_summary, series_summary) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_combine(series_summary, series_summary) IS 'combination of two states';

-- transitions, and aggregates; MINITCOND is the empty summary of each

--each @name@ | @kind@ | @result@ | @empty@ | @args@ | @types@ | @comment@
--: doubling_time | doubling | interval | UgEBAAAAAAAAAAAA | ts timestamptz, value double precision | timestamptz, double precision | time in which the fitted exponential doubles; NULL without growth
--: time_to_milestone | milestone | timestamptz | UgECAAAAAAAAAAAA | ts timestamptz, value double precision, x double precision | timestamptz, double precision, double precision | instant at which the value reaches x, interpolated
--: crossover | crossover | timestamptz | UgEDAAAAAAAAAAAA | ts timestamptz, a double precision, b double precision, hold interval | timestamptz, double precision, double precision, interval | first instant from which a > b for at least hold
--: kendall_tau_b | kendall | double precision | UgEEAAAAAAAAAAAA | x double precision, y double precision | double precision, double precision | Kendall''s rank correlation, corrected for ties
--each @step@ | @strict@ | @what@
--: | | transition
--: _move | STRICT | moving transition
--: _unmove | STRICT | inverse transition
CREATE FUNCTION series_@kind@@step@(series_summary, @types@) RETURNS series_summary
	AS 'MODULE_PATHNAME', 'pghub_series_@kind@@step@' LANGUAGE C IMMUTABLE @strict@ PARALLEL SAFE;
COMMENT ON FUNCTION series_@kind@@step@(series_summary, @types@) IS '@what@ of @name@';
--end
CREATE FUNCTION @name@_final(series_summary) RETURNS @result@
	AS 'MODULE_PATHNAME', 'pghub_@name@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @name@_final(series_summary) IS 'final function of @name@';
CREATE AGGREGATE @name@(@args@) (
	SFUNC = series_@kind@, STYPE = series_summary, SSPACE = 2048,
	COMBINEFUNC = series_combine, FINALFUNC = @name@_final,
	MSFUNC = series_@kind@_move, MINVFUNC = series_@kind@_unmove,
	MSTYPE = series_summary, MSSPACE = 2048,
	MFINALFUNC = @name@_final, MINITCOND = 'series:@empty@',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @name@(@types@) IS '@comment@';
--end
