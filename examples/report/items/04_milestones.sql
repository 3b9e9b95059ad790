-- items: 4
-- section: Growth and concentration
-- title: Cumulative models by month
-- status: documented
-- statement: Two million models and counting: the second million came in 335 days
-- definition: Running count by month; a milestone is the linearly interpolated instant at which the count is reached. The unit is the largest power of ten that fits twice into the present count
-- data: models.created_at
-- value: days_to_double
-- numerator: models
-- base: unit
-- left out: vanished
-- published: 335 days from the first to the second million
-- difference: at 20,000 models the unit is 10,000, which spans other dates than the first and second million
/* chart
{"layer":[{"mark":{"type":"area","line":true,"opacity":0.3}},{"transform":[{"filter":"datum.is_last"}],"mark":{"type":"rule","strokeDash":[4,3]},"encoding":{"x":null,"y":{"field":"unit","type":"quantitative"}}},{"transform":[{"filter":"datum.is_last"},{"calculate":"2*datum.unit","as":"second"}],"mark":{"type":"rule","strokeDash":[4,3]},"encoding":{"x":null,"y":{"field":"second","type":"quantitative"}}}],"encoding":{"x":{"field":"month","type":"temporal"},"y":{"field":"models","type":"quantitative","title":"models listed"}}}
*/
WITH stock AS (
	SELECT month, sum(n) OVER (ORDER BY month) AS models
	FROM (SELECT date_trunc('month', created_at AT TIME ZONE 'UTC') + interval '1 month' AS month, count(*) AS n FROM facts GROUP BY 1) c),
milestone AS (
	SELECT 10 ^ floor(log(max(models) / 2)) AS unit, max(month) AS last_month FROM stock)
SELECT month, models, unit, month = last_month AS is_last,
	(SELECT extract(epoch FROM time_to_milestone(s.month AT TIME ZONE 'UTC', s.models::float8, (SELECT 2 * unit FROM milestone)::float8)
		- time_to_milestone(s.month AT TIME ZONE 'UTC', s.models::float8, (SELECT unit FROM milestone)::float8)) / 86400 FROM stock s) AS days_to_double,
	(SELECT extract(epoch FROM doubling_time(s.month AT TIME ZONE 'UTC', s.models::float8)) / 86400 FROM stock s
		WHERE s.month > (SELECT last_month FROM milestone) - interval '15 months') AS doubling_days_of_late,
	(SELECT count(*) FROM models WHERE vanished_on IS NOT NULL) AS vanished
FROM stock, milestone ORDER BY month;
