-- engagement: what happens after release

COMMENT ON TYPE engagement_summary IS 'amounts over time: instant (or age) to exact sum';

-- transitions, and aggregates; MINITCOND is the empty summary

CREATE FUNCTION engagement_halflife_final(engagement_summary) RETURNS interval
	AS 'MODULE_PATHNAME', 'pghub_engagement_halflife_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION engagement_halflife_final(engagement_summary) IS 'final function of engagement_halflife';

--each @types@
--: timestamptz
--: timestamptz, double precision
--: timestamptz, double precision, timestamptz
--each @step@ | @strict@ | @what@
--: trans | | transition
--: move | STRICT | moving transition
--: unmove | STRICT | inverse transition
CREATE FUNCTION engagement_@step@(engagement_summary, @types@) RETURNS engagement_summary
	AS 'MODULE_PATHNAME', 'pghub_engagement_@step@' LANGUAGE C IMMUTABLE @strict@ PARALLEL SAFE;
COMMENT ON FUNCTION engagement_@step@(engagement_summary, @types@) IS '@what@ of engagement_agg';
--end
--end

--each @name@ | @final@ | @args@ | @types@ | @comment@
--: engagement_agg | engagement_final | at timestamptz | timestamptz | summary of events over time
--: engagement_agg | engagement_final | at timestamptz, value double precision | timestamptz, double precision | summary of amounts over time
--: engagement_agg | engagement_final | at timestamptz, value double precision, origin timestamptz | timestamptz, double precision, timestamptz | summary of amounts by age since each item''s own origin
--: engagement_halflife | engagement_halflife_final | at timestamptz | timestamptz | time from the weekly peak until the smoothed rate stays at or below half of it
--: engagement_halflife | engagement_halflife_final | at timestamptz, value double precision | timestamptz, double precision | time from the weekly peak until the smoothed rate stays at or below half of it
CREATE AGGREGATE @name@(@args@) (
	SFUNC = engagement_trans, STYPE = engagement_summary, SSPACE = 1024,
	COMBINEFUNC = engagement_combine, FINALFUNC = @final@,
	MSFUNC = engagement_move, MINVFUNC = engagement_unmove,
	MSTYPE = engagement_summary, MSSPACE = 1024,
	MFINALFUNC = @final@, MINITCOND = 'engagement:RQEAAAA=',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @name@(@types@) IS '@comment@';
--end

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
