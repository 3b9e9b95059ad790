-- distribution: a weighted multiset of non-negative numbers.

CREATE TYPE summary_bounds AS (low double precision, high double precision);
COMMENT ON TYPE summary_bounds IS 'limits that enclose an answer for certain';

CREATE TYPE power_law AS (alpha double precision, xmin double precision, tail_items bigint, ks double precision);
COMMENT ON TYPE power_law IS 'exponent, lower end, items of the tail, Kolmogorov-Smirnov distance';

CREATE TYPE power_law_comparison AS (log_ratio double precision, z double precision, p_value double precision);
COMMENT ON TYPE power_law_comparison IS 'log-likelihood ratio of two laws, its normal score, two-sided p';

COMMENT ON TYPE distribution_summary IS 'weighted multiset of non-negative numbers';

-- private functions: transition, removal, combining, result; the argument of
-- a reader is named by the one that takes it
--each @type@ | @c@
--: bigint | int8
--: double precision | float8
--: numeric | numeric
--each @suffix@ | @more@ | @add@ | @remove@ | @comment@
--: | | add_@c@ | remove_@c@ | a value
--: | , bigint | add_weighted_@c@ | remove_weighted_@c@ | a value and how often it occurs
--: _fraction | , double precision | add_float8_param_@c@ | remove_@c@ | a value and the argument of the reader
--: _k | , bigint | add_int8_param_@c@ | remove_@c@ | a value and the argument of the reader
CREATE FUNCTION distribution_add@suffix@(distribution_summary, @type@@more@) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_@add@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add@suffix@(distribution_summary, @type@@more@) IS 'transition: @comment@';
CREATE FUNCTION distribution_move_add@suffix@(distribution_summary, @type@@more@) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_@add@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_add@suffix@(distribution_summary, @type@@more@) IS 'transition of a moving window: a value enters';
CREATE FUNCTION distribution_move_remove@suffix@(distribution_summary, @type@@more@) RETURNS distribution_summary
	AS 'MODULE_PATHNAME', 'distribution_@remove@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_move_remove@suffix@(distribution_summary, @type@@more@) IS 'transition of a moving window: a value leaves';
--end
--end
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
--each @name@ | @result@
--: pareto_share | double precision
--: top_k_share | double precision
--: coverage_count | bigint
--: effective_number | double precision
CREATE FUNCTION distribution_@name@_final(distribution_summary) RETURNS @result@
	AS 'MODULE_PATHNAME', 'distribution_@name@_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_@name@_final(distribution_summary) IS 'result of the aggregate @name@';
--end

-- aggregates
--
-- The moving form of each, for a window whose frame moves, removes what leaves the
-- frame. It begins with the summary of nothing, which this text is.
--each @name@ | @more@ | @suffix@ | @final@ | @comment@
--: distribution_agg | | | distribution_final | summary of the values
--: distribution_agg | , bigint | | distribution_final | summary of the values, each as often as its weight says
--: gini | | | gini | Gini coefficient
--: hhi | | | hhi | Herfindahl-Hirschman index, 0 to 1
--: shannon_entropy | | | shannon_entropy | entropy of the shares, in nats
--: theil | | | theil | Theil index
--: effective_number | | | distribution_effective_number_final | Hill number of order 2
--: effective_number | , double precision | _fraction | distribution_effective_number_final | Hill number of order q
--: pareto_share | , double precision | _fraction | distribution_pareto_share_final | share of the total held by the top fraction of items
--: coverage_count | , double precision | _fraction | distribution_coverage_count_final | fewest items that hold a fraction of the total
--: top_k_share | , bigint | _k | distribution_top_k_share_final | share of the total held by the k largest items
--each @type@
--: bigint
--: double precision
--: numeric
CREATE AGGREGATE @name@(@type@@more@) (
	SFUNC = distribution_add@suffix@, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = @final@, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE,
	MSFUNC = distribution_move_add@suffix@, MINVFUNC = distribution_move_remove@suffix@,
	MSTYPE = distribution_summary, MFINALFUNC = @final@, MINITCOND = 'distribution:RAEAAAA='
);
COMMENT ON AGGREGATE @name@(@type@@more@) IS '@comment@';
--end
--end
CREATE AGGREGATE rollup(distribution_summary) (
	SFUNC = distribution_add, STYPE = distribution_summary, SSPACE = 512,
	FINALFUNC = distribution_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = distribution_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(distribution_summary) IS 'merge distributions';
