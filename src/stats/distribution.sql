-- distribution: a weighted multiset of non-negative numbers.

CREATE TYPE summary_bounds AS (low double precision, high double precision);
COMMENT ON TYPE summary_bounds IS 'limits that enclose an answer for certain';

CREATE TYPE power_law AS (alpha double precision, xmin double precision, tail_items bigint, ks double precision);
COMMENT ON TYPE power_law IS 'exponent, lower end, items of the tail, Kolmogorov-Smirnov distance';

CREATE TYPE power_law_comparison AS (log_ratio double precision, z double precision, p_value double precision);
COMMENT ON TYPE power_law_comparison IS 'log-likelihood ratio of two laws, its normal score, two-sided p';

COMMENT ON TYPE distribution_summary IS 'weighted multiset of non-negative numbers';

-- private functions: transition, removal, combining, result
CREATE FUNCTION distribution_add(distribution_summary, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add(distribution_summary, bigint) IS 'transition: a value';
CREATE FUNCTION distribution_add(distribution_summary, bigint, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_weighted_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add(distribution_summary, bigint, bigint) IS 'transition: a value and how often it occurs';
CREATE FUNCTION distribution_add_fraction(distribution_summary, bigint, double precision) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_float8_param_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add_fraction(distribution_summary, bigint, double precision) IS 'transition: a value and the argument of the reader';
CREATE FUNCTION distribution_add_k(distribution_summary, bigint, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_int8_param_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add_k(distribution_summary, bigint, bigint) IS 'transition: a value and the argument of the reader';
CREATE FUNCTION distribution_move_add(distribution_summary, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add(distribution_summary, bigint) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove(distribution_summary, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_remove_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove(distribution_summary, bigint) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION distribution_move_add(distribution_summary, bigint, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_weighted_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add(distribution_summary, bigint, bigint) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove(distribution_summary, bigint, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_remove_weighted_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove(distribution_summary, bigint, bigint) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION distribution_move_add_fraction(distribution_summary, bigint, double precision) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_float8_param_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add_fraction(distribution_summary, bigint, double precision) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove_fraction(distribution_summary, bigint, double precision) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_remove_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove_fraction(distribution_summary, bigint, double precision) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION distribution_move_add_k(distribution_summary, bigint, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_int8_param_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add_k(distribution_summary, bigint, bigint) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove_k(distribution_summary, bigint, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_remove_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove_k(distribution_summary, bigint, bigint) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION distribution_add(distribution_summary, double precision) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add(distribution_summary, double precision) IS 'transition: a value';
CREATE FUNCTION distribution_add(distribution_summary, double precision, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_weighted_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add(distribution_summary, double precision, bigint) IS 'transition: a value and how often it occurs';
CREATE FUNCTION distribution_add_fraction(distribution_summary, double precision, double precision) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_float8_param_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add_fraction(distribution_summary, double precision, double precision) IS 'transition: a value and the argument of the reader';
CREATE FUNCTION distribution_add_k(distribution_summary, double precision, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_int8_param_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add_k(distribution_summary, double precision, bigint) IS 'transition: a value and the argument of the reader';
CREATE FUNCTION distribution_move_add(distribution_summary, double precision) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add(distribution_summary, double precision) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove(distribution_summary, double precision) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_remove_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove(distribution_summary, double precision) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION distribution_move_add(distribution_summary, double precision, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_weighted_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add(distribution_summary, double precision, bigint) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove(distribution_summary, double precision, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_remove_weighted_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove(distribution_summary, double precision, bigint) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION distribution_move_add_fraction(distribution_summary, double precision, double precision) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_float8_param_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add_fraction(distribution_summary, double precision, double precision) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove_fraction(distribution_summary, double precision, double precision) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_remove_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove_fraction(distribution_summary, double precision, double precision) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION distribution_move_add_k(distribution_summary, double precision, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_int8_param_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add_k(distribution_summary, double precision, bigint) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove_k(distribution_summary, double precision, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_remove_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove_k(distribution_summary, double precision, bigint) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION distribution_add(distribution_summary, numeric) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add(distribution_summary, numeric) IS 'transition: a value';
CREATE FUNCTION distribution_add(distribution_summary, numeric, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_weighted_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add(distribution_summary, numeric, bigint) IS 'transition: a value and how often it occurs';
CREATE FUNCTION distribution_add_fraction(distribution_summary, numeric, double precision) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_float8_param_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add_fraction(distribution_summary, numeric, double precision) IS 'transition: a value and the argument of the reader';
CREATE FUNCTION distribution_add_k(distribution_summary, numeric, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_int8_param_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add_k(distribution_summary, numeric, bigint) IS 'transition: a value and the argument of the reader';
CREATE FUNCTION distribution_move_add(distribution_summary, numeric) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add(distribution_summary, numeric) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove(distribution_summary, numeric) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_remove_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove(distribution_summary, numeric) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION distribution_move_add(distribution_summary, numeric, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_weighted_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add(distribution_summary, numeric, bigint) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove(distribution_summary, numeric, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_remove_weighted_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove(distribution_summary, numeric, bigint) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION distribution_move_add_fraction(distribution_summary, numeric, double precision) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_float8_param_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add_fraction(distribution_summary, numeric, double precision) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove_fraction(distribution_summary, numeric, double precision) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_remove_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove_fraction(distribution_summary, numeric, double precision) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION distribution_move_add_k(distribution_summary, numeric, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_int8_param_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add_k(distribution_summary, numeric, bigint) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove_k(distribution_summary, numeric, bigint) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_remove_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove_k(distribution_summary, numeric, bigint) IS 'transition of a moving window: a value leaves';
CREATE FUNCTION distribution_combine(distribution_summary, distribution_summary) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_combine(distribution_summary, distribution_summary) IS 'merges the states of two aggregates';
CREATE FUNCTION distribution_add(distribution_summary, distribution_summary) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_add_summary' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add(distribution_summary, distribution_summary) IS 'transition: a summary';
CREATE FUNCTION distribution_final(distribution_summary) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_final(distribution_summary) IS 'canonical form of a state';
CREATE FUNCTION distribution_plus(distribution_summary, distribution_summary) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_plus' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_plus(distribution_summary, distribution_summary) IS 'implementation of + operator';

CREATE OPERATOR + (
	LEFTARG = distribution_summary, RIGHTARG = distribution_summary, FUNCTION = distribution_plus, COMMUTATOR = +
);
COMMENT ON OPERATOR + (distribution_summary, distribution_summary) IS 'merge two distributions';

-- readers

CREATE FUNCTION pareto_share(d distribution_summary, fraction double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_pareto_share' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pareto_share(distribution_summary, double precision) IS 'share of the total held by the top fraction of items';
CREATE FUNCTION top_k_share(d distribution_summary, k bigint) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_top_k_share' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION top_k_share(distribution_summary, bigint) IS 'share of the total held by the k largest items';
CREATE FUNCTION share_below(d distribution_summary, x double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_share_below' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION share_below(distribution_summary, double precision) IS 'share of items with a value below x';
CREATE FUNCTION coverage_count(d distribution_summary, fraction double precision) RETURNS bigint
	AS 'MODULE_PATHNAME', 'distribution_coverage_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION coverage_count(distribution_summary, double precision) IS 'fewest items that hold a fraction of the total';
CREATE FUNCTION gini(d distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_gini' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION gini(distribution_summary) IS 'Gini coefficient';
CREATE FUNCTION gini_corrected(d distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_gini_corrected' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION gini_corrected(distribution_summary) IS 'Gini coefficient without the bias of small samples';
CREATE FUNCTION hhi(d distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_hhi' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hhi(distribution_summary) IS 'Herfindahl-Hirschman index, 0 to 1';
CREATE FUNCTION hhi_normalized(d distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_hhi_normalized' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hhi_normalized(distribution_summary) IS 'Herfindahl-Hirschman index between 0 for equal shares and 1';
CREATE FUNCTION effective_number(d distribution_summary, q double precision DEFAULT 2) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_effective_number' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION effective_number(distribution_summary, double precision) IS 'Hill number of order q: how many equal items are as diverse';
CREATE FUNCTION shannon_entropy(d distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_shannon_entropy' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION shannon_entropy(distribution_summary) IS 'entropy of the shares, in nats';
CREATE FUNCTION theil(d distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_theil' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION theil(distribution_summary) IS 'Theil index';
CREATE FUNCTION percentile(d distribution_summary, p double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_percentile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION percentile(distribution_summary, double precision) IS 'smallest value with at least p of the items at or below it';
CREATE FUNCTION median(d distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_median' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION median(distribution_summary) IS 'percentile 0.5';
CREATE FUNCTION num_items(d distribution_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'distribution_num_items' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION num_items(distribution_summary) IS 'number of items';
CREATE FUNCTION total(d distribution_summary) RETURNS numeric
	AS 'MODULE_PATHNAME', 'distribution_total' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION total(distribution_summary) IS 'sum of the values';
CREATE FUNCTION mean(d distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mean(distribution_summary) IS 'mean value';
CREATE FUNCTION min_value(d distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_min_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION min_value(distribution_summary) IS 'smallest value';
CREATE FUNCTION max_value(d distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_max_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION max_value(distribution_summary) IS 'largest value';
CREATE FUNCTION h_index(d distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_h_index' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION h_index(distribution_summary) IS 'largest h such that h items have at least the value h';
CREATE FUNCTION is_exact(d distribution_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'distribution_is_exact' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_exact(distribution_summary) IS 'are all values kept as they are?';
CREATE FUNCTION pareto_share_bounds(d distribution_summary, fraction double precision) RETURNS summary_bounds
	AS 'MODULE_PATHNAME', 'distribution_pareto_share_bounds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pareto_share_bounds(distribution_summary, double precision) IS 'limits of pareto_share';
CREATE FUNCTION gini_bounds(d distribution_summary) RETURNS summary_bounds
	AS 'MODULE_PATHNAME', 'distribution_gini_bounds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION gini_bounds(distribution_summary) IS 'limits of gini';
CREATE FUNCTION percentile_bounds(d distribution_summary, p double precision) RETURNS summary_bounds
	AS 'MODULE_PATHNAME', 'distribution_percentile_bounds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION percentile_bounds(distribution_summary, double precision) IS 'limits of percentile';
CREATE FUNCTION power_law_alpha(d distribution_summary, xmin double precision, discrete boolean DEFAULT NULL) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_power_law_alpha' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION power_law_alpha(distribution_summary, double precision, boolean) IS 'exponent of a power law fitted to the values from xmin on';
CREATE FUNCTION power_law_fit(d distribution_summary, discrete boolean DEFAULT NULL) RETURNS power_law
	AS 'MODULE_PATHNAME', 'distribution_power_law_fit' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION power_law_fit(distribution_summary, boolean) IS 'power law with the lower end of the best fit';
CREATE FUNCTION power_law_vs_lognormal(d distribution_summary, xmin double precision, discrete boolean DEFAULT NULL) RETURNS power_law_comparison
	AS 'MODULE_PATHNAME', 'distribution_power_law_vs_lognormal' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION power_law_vs_lognormal(distribution_summary, double precision, boolean) IS 'Vuong test of the power law against a log-normal law';
CREATE FUNCTION lorenz(d distribution_summary, points integer DEFAULT NULL,
	OUT population double precision, OUT share double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'distribution_lorenz' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION lorenz(distribution_summary, integer) IS 'Lorenz curve: share of the total held by the lowest part of the items';

-- private functions: results of one-step aggregates with an argument
CREATE FUNCTION distribution_pareto_share_final(distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_pareto_share_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_pareto_share_final(distribution_summary) IS 'result of the aggregate pareto_share';
CREATE FUNCTION distribution_top_k_share_final(distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_top_k_share_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_top_k_share_final(distribution_summary) IS 'result of the aggregate top_k_share';
CREATE FUNCTION distribution_coverage_count_final(distribution_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'distribution_coverage_count_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_coverage_count_final(distribution_summary) IS 'result of the aggregate coverage_count';
CREATE FUNCTION distribution_effective_number_final(distribution_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'distribution_effective_number_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_effective_number_final(distribution_summary) IS 'result of the aggregate effective_number';

-- aggregates
--
-- The moving form of each, for a window whose frame moves, removes what leaves the
-- frame. It begins with the summary of nothing, which this text is.
CREATE AGGREGATE distribution_agg(bigint) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE distribution_agg(bigint) IS 'summary of the values';
CREATE AGGREGATE distribution_agg(bigint, bigint) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE distribution_agg(bigint, bigint) IS 'summary of the values, each as often as its weight says';
CREATE AGGREGATE distribution_agg(double precision) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE distribution_agg(double precision) IS 'summary of the values';
CREATE AGGREGATE distribution_agg(double precision, bigint) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE distribution_agg(double precision, bigint) IS 'summary of the values, each as often as its weight says';
CREATE AGGREGATE distribution_agg(numeric) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE distribution_agg(numeric) IS 'summary of the values';
CREATE AGGREGATE distribution_agg(numeric, bigint) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE distribution_agg(numeric, bigint) IS 'summary of the values, each as often as its weight says';
CREATE AGGREGATE gini(bigint) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = gini, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = gini, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE gini(bigint) IS 'Gini coefficient';
CREATE AGGREGATE gini(double precision) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = gini, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = gini, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE gini(double precision) IS 'Gini coefficient';
CREATE AGGREGATE gini(numeric) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = gini, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = gini, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE gini(numeric) IS 'Gini coefficient';
CREATE AGGREGATE hhi(bigint) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = hhi, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = hhi, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE hhi(bigint) IS 'Herfindahl-Hirschman index, 0 to 1';
CREATE AGGREGATE hhi(double precision) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = hhi, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = hhi, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE hhi(double precision) IS 'Herfindahl-Hirschman index, 0 to 1';
CREATE AGGREGATE hhi(numeric) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = hhi, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = hhi, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE hhi(numeric) IS 'Herfindahl-Hirschman index, 0 to 1';
CREATE AGGREGATE shannon_entropy(bigint) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = shannon_entropy, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = shannon_entropy, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE shannon_entropy(bigint) IS 'entropy of the shares, in nats';
CREATE AGGREGATE shannon_entropy(double precision) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = shannon_entropy, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = shannon_entropy, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE shannon_entropy(double precision) IS 'entropy of the shares, in nats';
CREATE AGGREGATE shannon_entropy(numeric) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = shannon_entropy, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = shannon_entropy, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE shannon_entropy(numeric) IS 'entropy of the shares, in nats';
CREATE AGGREGATE theil(bigint) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = theil, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = theil, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE theil(bigint) IS 'Theil index';
CREATE AGGREGATE theil(double precision) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = theil, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = theil, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE theil(double precision) IS 'Theil index';
CREATE AGGREGATE theil(numeric) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = theil, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = theil, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE theil(numeric) IS 'Theil index';
CREATE AGGREGATE effective_number(bigint) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_effective_number_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_effective_number_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE effective_number(bigint) IS 'Hill number of order 2';
CREATE AGGREGATE effective_number(double precision) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_effective_number_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_effective_number_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE effective_number(double precision) IS 'Hill number of order 2';
CREATE AGGREGATE effective_number(numeric) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_effective_number_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add, MINVFUNC = distribution_move_remove,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_effective_number_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE effective_number(numeric) IS 'Hill number of order 2';
CREATE AGGREGATE effective_number(bigint, double precision) (
	SFUNC = distribution_add_fraction, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_effective_number_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add_fraction, MINVFUNC = distribution_move_remove_fraction,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_effective_number_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE effective_number(bigint, double precision) IS 'Hill number of order q';
CREATE AGGREGATE effective_number(double precision, double precision) (
	SFUNC = distribution_add_fraction, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_effective_number_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add_fraction, MINVFUNC = distribution_move_remove_fraction,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_effective_number_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE effective_number(double precision, double precision) IS 'Hill number of order q';
CREATE AGGREGATE effective_number(numeric, double precision) (
	SFUNC = distribution_add_fraction, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_effective_number_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add_fraction, MINVFUNC = distribution_move_remove_fraction,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_effective_number_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE effective_number(numeric, double precision) IS 'Hill number of order q';
CREATE AGGREGATE pareto_share(bigint, double precision) (
	SFUNC = distribution_add_fraction, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_pareto_share_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add_fraction, MINVFUNC = distribution_move_remove_fraction,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_pareto_share_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE pareto_share(bigint, double precision) IS 'share of the total held by the top fraction of items';
CREATE AGGREGATE pareto_share(double precision, double precision) (
	SFUNC = distribution_add_fraction, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_pareto_share_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add_fraction, MINVFUNC = distribution_move_remove_fraction,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_pareto_share_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE pareto_share(double precision, double precision) IS 'share of the total held by the top fraction of items';
CREATE AGGREGATE pareto_share(numeric, double precision) (
	SFUNC = distribution_add_fraction, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_pareto_share_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add_fraction, MINVFUNC = distribution_move_remove_fraction,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_pareto_share_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE pareto_share(numeric, double precision) IS 'share of the total held by the top fraction of items';
CREATE AGGREGATE coverage_count(bigint, double precision) (
	SFUNC = distribution_add_fraction, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_coverage_count_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add_fraction, MINVFUNC = distribution_move_remove_fraction,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_coverage_count_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE coverage_count(bigint, double precision) IS 'fewest items that hold a fraction of the total';
CREATE AGGREGATE coverage_count(double precision, double precision) (
	SFUNC = distribution_add_fraction, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_coverage_count_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add_fraction, MINVFUNC = distribution_move_remove_fraction,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_coverage_count_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE coverage_count(double precision, double precision) IS 'fewest items that hold a fraction of the total';
CREATE AGGREGATE coverage_count(numeric, double precision) (
	SFUNC = distribution_add_fraction, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_coverage_count_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add_fraction, MINVFUNC = distribution_move_remove_fraction,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_coverage_count_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE coverage_count(numeric, double precision) IS 'fewest items that hold a fraction of the total';
CREATE AGGREGATE top_k_share(bigint, bigint) (
	SFUNC = distribution_add_k, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_top_k_share_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add_k, MINVFUNC = distribution_move_remove_k,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_top_k_share_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE top_k_share(bigint, bigint) IS 'share of the total held by the k largest items';
CREATE AGGREGATE top_k_share(double precision, bigint) (
	SFUNC = distribution_add_k, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_top_k_share_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add_k, MINVFUNC = distribution_move_remove_k,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_top_k_share_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE top_k_share(double precision, bigint) IS 'share of the total held by the k largest items';
CREATE AGGREGATE top_k_share(numeric, bigint) (
	SFUNC = distribution_add_k, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_top_k_share_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add_k, MINVFUNC = distribution_move_remove_k,
	MSTYPE = distribution_summary, MFINALFUNC = distribution_top_k_share_final, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE top_k_share(numeric, bigint) IS 'share of the total held by the k largest items';
CREATE AGGREGATE rollup(distribution_summary) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(distribution_summary) IS 'merge distributions';
