-- counter: a growing total that is read now and then

COMMENT ON TYPE counter_summary IS 'readings of a counter: instant to largest value';

-- state

CREATE FUNCTION counter_trans(counter_summary, timestamptz, bigint) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_trans_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION counter_trans(counter_summary, timestamptz, bigint) IS 'transition of counter_agg';
CREATE FUNCTION counter_move(counter_summary, timestamptz, bigint) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_move_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION counter_move(counter_summary, timestamptz, bigint) IS 'moving transition of counter_agg';
CREATE FUNCTION counter_unmove(counter_summary, timestamptz, bigint) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_unmove_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION counter_unmove(counter_summary, timestamptz, bigint) IS 'inverse transition of counter_agg';
CREATE FUNCTION counter_trans(counter_summary, timestamptz, double precision) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_trans_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION counter_trans(counter_summary, timestamptz, double precision) IS 'transition of counter_agg';
CREATE FUNCTION counter_move(counter_summary, timestamptz, double precision) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_move_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION counter_move(counter_summary, timestamptz, double precision) IS 'moving transition of counter_agg';
CREATE FUNCTION counter_unmove(counter_summary, timestamptz, double precision) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_unmove_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION counter_unmove(counter_summary, timestamptz, double precision) IS 'inverse transition of counter_agg';
CREATE FUNCTION counter_trans(counter_summary, timestamptz, numeric) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_trans_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION counter_trans(counter_summary, timestamptz, numeric) IS 'transition of counter_agg';
CREATE FUNCTION counter_move(counter_summary, timestamptz, numeric) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_move_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION counter_move(counter_summary, timestamptz, numeric) IS 'moving transition of counter_agg';
CREATE FUNCTION counter_unmove(counter_summary, timestamptz, numeric) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_unmove_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION counter_unmove(counter_summary, timestamptz, numeric) IS 'inverse transition of counter_agg';
CREATE FUNCTION counter_combine(counter_summary, counter_summary) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION counter_rollup(counter_summary, counter_summary) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_rollup' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION counter_final(counter_summary) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION counter_plus(counter_summary, counter_summary) RETURNS counter_summary
	AS 'MODULE_PATHNAME', 'pghub_counter_plus' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION counter_combine(counter_summary, counter_summary) IS 'combination of two states';
COMMENT ON FUNCTION counter_rollup(counter_summary, counter_summary) IS 'transition of rollup';
COMMENT ON FUNCTION counter_final(counter_summary) IS 'canonical form of a state';
COMMENT ON FUNCTION counter_plus(counter_summary, counter_summary) IS 'readings of both summaries';

CREATE OPERATOR + (
	FUNCTION = counter_plus, LEFTARG = counter_summary, RIGHTARG = counter_summary,
	COMMUTATOR = +
);

-- aggregates; MINITCOND is the empty summary

CREATE AGGREGATE counter_agg(at timestamptz, counter bigint) (
	SFUNC = counter_trans, STYPE = counter_summary, SSPACE = 1024,
	COMBINEFUNC = counter_combine, FINALFUNC = counter_final,
	MSFUNC = counter_move, MINVFUNC = counter_unmove,
	MSTYPE = counter_summary, MSSPACE = 1024,
	MFINALFUNC = counter_final, MINITCOND = 'counter:QwEAAA==',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE counter_agg(timestamptz, bigint) IS 'summary of the readings of a counter';
CREATE AGGREGATE counter_agg(at timestamptz, counter numeric) (
	SFUNC = counter_trans, STYPE = counter_summary, SSPACE = 1024,
	COMBINEFUNC = counter_combine, FINALFUNC = counter_final,
	MSFUNC = counter_move, MINVFUNC = counter_unmove,
	MSTYPE = counter_summary, MSSPACE = 1024,
	MFINALFUNC = counter_final, MINITCOND = 'counter:QwEAAA==',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE counter_agg(timestamptz, numeric) IS 'summary of the readings of a counter';
CREATE AGGREGATE counter_agg(at timestamptz, counter double precision) (
	SFUNC = counter_trans, STYPE = counter_summary, SSPACE = 1024,
	COMBINEFUNC = counter_combine, FINALFUNC = counter_final,
	MSFUNC = counter_move, MINVFUNC = counter_unmove,
	MSTYPE = counter_summary, MSSPACE = 1024,
	MFINALFUNC = counter_final, MINITCOND = 'counter:QwEAAA==',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE counter_agg(timestamptz, double precision) IS 'summary of the readings of a counter';
CREATE AGGREGATE rollup(counter_summary) (
	SFUNC = counter_rollup, STYPE = counter_summary, SSPACE = 4096,
	COMBINEFUNC = counter_combine, FINALFUNC = counter_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(counter_summary) IS 'readings of all summaries';

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
