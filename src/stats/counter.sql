-- counter: a growing total that is read now and then

COMMENT ON TYPE counter_summary IS 'readings of a counter: instant to largest value';

-- transitions, and aggregates; MINITCOND is the empty summary

--each @type@ | @c@
--: bigint | int8
--: numeric | numeric
--: double precision | float8
--each @step@ | @strict@ | @what@
--: trans | | transition
--: move | STRICT | moving transition
--: unmove | STRICT | inverse transition
CREATE FUNCTION counter_@step@(counter_summary, timestamptz, @type@) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_@step@_@c@' LANGUAGE C IMMUTABLE @strict@ PARALLEL SAFE;
COMMENT ON FUNCTION counter_@step@(counter_summary, timestamptz, @type@) IS '@what@ of counter_agg';
--end
CREATE AGGREGATE counter_agg(at timestamptz, counter @type@) (
	SFUNC = counter_trans, STYPE = counter_summary, SSPACE = 1024,
	COMBINEFUNC = counter_combine, FINALFUNC = counter_final,
	MSFUNC = counter_move, MINVFUNC = counter_unmove,
	MSTYPE = counter_summary, MSSPACE = 1024,
	MFINALFUNC = counter_final, MINITCOND = 'counter:QwEAAA==',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE counter_agg(timestamptz, @type@) IS 'summary of the readings of a counter';
--end

-- readers

CREATE FUNCTION counter_at(c counter_summary, at timestamptz) RETURNS double precision
	AS 'MODULE_PATHNAME', 'pghub_counter_at' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION counter_delta(c counter_summary, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL, on_drop text DEFAULT 'clip') RETURNS double precision
	AS 'MODULE_PATHNAME', 'pghub_counter_delta' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION counter_increments(c counter_summary, bin interval) RETURNS TABLE (bin_start timestamptz, increment double precision, covered double precision)
	AS 'MODULE_PATHNAME', 'pghub_counter_increments' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
CREATE FUNCTION counter_resets(c counter_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'pghub_counter_resets' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION counter_at(counter_summary, timestamptz) IS 'value of the counter, interpolated; NULL outside the readings';
COMMENT ON FUNCTION counter_delta(counter_summary, timestamptz, timestamptz, text) IS 'growth between two instants; NULL where they lie outside the readings';
COMMENT ON FUNCTION counter_increments(counter_summary, interval) IS 'growth by bin; NULL in a gap';
COMMENT ON FUNCTION counter_resets(counter_summary) IS 'number of readings below the one before';
