-- engagement: what happens after release

COMMENT ON TYPE engagement_summary IS 'amounts over time: instant (or age) to exact sum';

-- state

CREATE FUNCTION engagement_trans(engagement_summary, timestamptz) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_trans' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION engagement_trans(engagement_summary, timestamptz, double precision) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_trans' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION engagement_trans(engagement_summary, timestamptz, double precision, timestamptz) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_trans' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION engagement_move(engagement_summary, timestamptz) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_move' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION engagement_move(engagement_summary, timestamptz, double precision) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_move' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION engagement_move(engagement_summary, timestamptz, double precision, timestamptz) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_move' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION engagement_unmove(engagement_summary, timestamptz) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_unmove' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION engagement_unmove(engagement_summary, timestamptz, double precision) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_unmove' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION engagement_unmove(engagement_summary, timestamptz, double precision, timestamptz) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_unmove' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION engagement_combine(engagement_summary, engagement_summary) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION engagement_rollup(engagement_summary, engagement_summary) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_rollup' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION engagement_final(engagement_summary) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION engagement_halflife_final(engagement_summary) RETURNS interval
	AS 'MODULE_PATHNAME', 'pghub_engagement_halflife_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION engagement_plus(engagement_summary, engagement_summary) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_plus' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION engagement_trans(engagement_summary, timestamptz) IS 'transition of engagement_agg';
COMMENT ON FUNCTION engagement_trans(engagement_summary, timestamptz, double precision) IS 'transition of engagement_agg';
COMMENT ON FUNCTION engagement_trans(engagement_summary, timestamptz, double precision, timestamptz) IS 'transition of engagement_agg';
COMMENT ON FUNCTION engagement_move(engagement_summary, timestamptz) IS 'moving transition of engagement_agg';
COMMENT ON FUNCTION engagement_move(engagement_summary, timestamptz, double precision) IS 'moving transition of engagement_agg';
COMMENT ON FUNCTION engagement_move(engagement_summary, timestamptz, double precision, timestamptz) IS 'moving transition of engagement_agg';
COMMENT ON FUNCTION engagement_unmove(engagement_summary, timestamptz) IS 'inverse transition of engagement_agg';
COMMENT ON FUNCTION engagement_unmove(engagement_summary, timestamptz, double precision) IS 'inverse transition of engagement_agg';
COMMENT ON FUNCTION engagement_unmove(engagement_summary, timestamptz, double precision, timestamptz) IS 'inverse transition of engagement_agg';
COMMENT ON FUNCTION engagement_combine(engagement_summary, engagement_summary) IS 'combination of two states';
COMMENT ON FUNCTION engagement_rollup(engagement_summary, engagement_summary) IS 'transition of rollup';
COMMENT ON FUNCTION engagement_final(engagement_summary) IS 'canonical form of a state';
COMMENT ON FUNCTION engagement_halflife_final(engagement_summary) IS 'final function of engagement_halflife';
COMMENT ON FUNCTION engagement_plus(engagement_summary, engagement_summary) IS 'observations of both summaries';

CREATE OPERATOR + (
	FUNCTION = engagement_plus, LEFTARG = engagement_summary, RIGHTARG = engagement_summary,
	COMMUTATOR = +
);

-- aggregates; MINITCOND is the empty summary

CREATE AGGREGATE engagement_agg(at timestamptz) (
	SFUNC = engagement_trans, STYPE = engagement_summary, SSPACE = 1024,
	COMBINEFUNC = engagement_combine, FINALFUNC = engagement_final,
	MSFUNC = engagement_move, MINVFUNC = engagement_unmove,
	MSTYPE = engagement_summary, MSSPACE = 1024,
	MFINALFUNC = engagement_final, MINITCOND = 'engagement:RQEAAAA=',
	PARALLEL = SAFE
);
CREATE AGGREGATE engagement_agg(at timestamptz, value double precision) (
	SFUNC = engagement_trans, STYPE = engagement_summary, SSPACE = 1024,
	COMBINEFUNC = engagement_combine, FINALFUNC = engagement_final,
	MSFUNC = engagement_move, MINVFUNC = engagement_unmove,
	MSTYPE = engagement_summary, MSSPACE = 1024,
	MFINALFUNC = engagement_final, MINITCOND = 'engagement:RQEAAAA=',
	PARALLEL = SAFE
);
CREATE AGGREGATE engagement_agg(at timestamptz, value double precision, origin timestamptz) (
	SFUNC = engagement_trans, STYPE = engagement_summary, SSPACE = 1024,
	COMBINEFUNC = engagement_combine, FINALFUNC = engagement_final,
	MSFUNC = engagement_move, MINVFUNC = engagement_unmove,
	MSTYPE = engagement_summary, MSSPACE = 1024,
	MFINALFUNC = engagement_final, MINITCOND = 'engagement:RQEAAAA=',
	PARALLEL = SAFE
);
CREATE AGGREGATE engagement_halflife(at timestamptz) (
	SFUNC = engagement_trans, STYPE = engagement_summary, SSPACE = 1024,
	COMBINEFUNC = engagement_combine, FINALFUNC = engagement_halflife_final,
	MSFUNC = engagement_move, MINVFUNC = engagement_unmove,
	MSTYPE = engagement_summary, MSSPACE = 1024,
	MFINALFUNC = engagement_halflife_final, MINITCOND = 'engagement:RQEAAAA=',
	PARALLEL = SAFE
);
CREATE AGGREGATE engagement_halflife(at timestamptz, value double precision) (
	SFUNC = engagement_trans, STYPE = engagement_summary, SSPACE = 1024,
	COMBINEFUNC = engagement_combine, FINALFUNC = engagement_halflife_final,
	MSFUNC = engagement_move, MINVFUNC = engagement_unmove,
	MSTYPE = engagement_summary, MSSPACE = 1024,
	MFINALFUNC = engagement_halflife_final, MINITCOND = 'engagement:RQEAAAA=',
	PARALLEL = SAFE
);
CREATE AGGREGATE rollup(engagement_summary) (
	SFUNC = engagement_rollup, STYPE = engagement_summary, SSPACE = 4096,
	COMBINEFUNC = engagement_combine, FINALFUNC = engagement_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE engagement_agg(timestamptz) IS 'summary of events over time';
COMMENT ON AGGREGATE engagement_agg(timestamptz, double precision) IS 'summary of amounts over time';
COMMENT ON AGGREGATE engagement_agg(timestamptz, double precision, timestamptz) IS 'summary of amounts by age since each item''s own origin';
COMMENT ON AGGREGATE engagement_halflife(timestamptz) IS 'time from the weekly peak until the smoothed rate stays at or below half of it';
COMMENT ON AGGREGATE engagement_halflife(timestamptz, double precision) IS 'time from the weekly peak until the smoothed rate stays at or below half of it';
COMMENT ON AGGREGATE rollup(engagement_summary) IS 'observations of all summaries';

-- readers

CREATE TYPE halflife_estimate AS (halflife interval, rate double precision, std_error double precision, bins bigint);
COMMENT ON TYPE halflife_estimate IS 'half-life of an exponential decay, its rate per day with standard error, and the bins fitted';
CREATE TYPE duration_estimate AS (duration interval, censored boolean);
COMMENT ON TYPE duration_estimate IS 'length of the first active spell, and whether it was still going on';

CREATE FUNCTION halflife(e engagement_summary, bin interval DEFAULT '7 days', origin timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL) RETURNS interval
	AS 'MODULE_PATHNAME', 'pghub_engagement_halflife' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION halflife_fit(e engagement_summary, bin interval DEFAULT '7 days', origin timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL) RETURNS halflife_estimate
	AS 'MODULE_PATHNAME', 'pghub_engagement_halflife_fit' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION peak_at(e engagement_summary, bin interval DEFAULT '7 days', origin timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL) RETURNS timestamptz
	AS 'MODULE_PATHNAME', 'pghub_engagement_peak_at' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION peak_value(e engagement_summary, bin interval DEFAULT '7 days', origin timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL) RETURNS double precision
	AS 'MODULE_PATHNAME', 'pghub_engagement_peak_value' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION time_to_peak(e engagement_summary, bin interval DEFAULT '7 days', origin timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL) RETURNS interval
	AS 'MODULE_PATHNAME', 'pghub_engagement_time_to_peak' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION time_to_fraction(e engagement_summary, fraction double precision, bin interval DEFAULT '7 days', origin timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL) RETURNS interval
	AS 'MODULE_PATHNAME', 'pghub_engagement_time_to_fraction' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION engagement_duration(e engagement_summary, gap interval DEFAULT '28 days', until timestamptz DEFAULT NULL) RETURNS duration_estimate
	AS 'MODULE_PATHNAME', 'pghub_engagement_duration' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION halflife(engagement_summary, interval, timestamptz, timestamptz) IS 'time from the peak until the smoothed rate stays at or below half of it; NULL if never';
COMMENT ON FUNCTION halflife_fit(engagement_summary, interval, timestamptz, timestamptz) IS 'half-life of an exponential decay from the peak on, corrected for the end of the observations; NULL without decay';
COMMENT ON FUNCTION peak_at(engagement_summary, interval, timestamptz, timestamptz) IS 'start of the largest bin';
COMMENT ON FUNCTION peak_value(engagement_summary, interval, timestamptz, timestamptz) IS 'amount in the largest bin';
COMMENT ON FUNCTION time_to_peak(engagement_summary, interval, timestamptz, timestamptz) IS 'time from the origin to the start of the largest bin';
COMMENT ON FUNCTION time_to_fraction(engagement_summary, double precision, interval, timestamptz, timestamptz) IS 'age by which the fraction of the whole amount had come, in whole bins';
COMMENT ON FUNCTION engagement_duration(engagement_summary, interval, timestamptz) IS 'first to last event of the first active spell, and whether it was still going on';
