-- items: 4
-- section: Growth and concentration
-- title: Cumulative models by month
-- status: documented
-- statement: Two million models and counting: the second million came in 335 days
-- definition: Running count by month; a milestone is the linearly interpolated instant at which the count is reached. The unit is the largest power of ten below the present count
-- data: models.created_at
-- value: days_to_double
-- published: 335 days from the first to the second million
-- difference: at 20,000 models the unit is 10,000, which spans other dates than the first and second million
/* chart
{"mark":{"type":"area","line":true,"opacity":0.3},"encoding":{"x":{"field":"month","type":"temporal"},"y":{"field":"models","type":"quantitative"}}}
*/
WITH stock AS (
	SELECT date_trunc('month', created_at AT TIME ZONE 'UTC') + interval '1 month' AS month,
		sum(count(*)) OVER (ORDER BY date_trunc('month', created_at AT TIME ZONE 'UTC')) AS models
	FROM facts GROUP BY date_trunc('month', created_at AT TIME ZONE 'UTC')),
milestone AS (
	SELECT 10 ^ floor(log(max(models))) AS unit FROM stock)
SELECT month, models, unit,
	(SELECT extract(epoch FROM time_to_milestone(s.month AT TIME ZONE 'UTC', s.models::float8, (SELECT 2 * unit FROM milestone)::float8)
		- time_to_milestone(s.month AT TIME ZONE 'UTC', s.models::float8, (SELECT unit FROM milestone)::float8)) / 86400 FROM stock s) AS days_to_double,
	(SELECT extract(epoch FROM doubling_time(s.month AT TIME ZONE 'UTC', s.models::float8)) / 86400 FROM stock s WHERE s.month > '2024-12-01') AS doubling_days
FROM stock, milestone ORDER BY month;
