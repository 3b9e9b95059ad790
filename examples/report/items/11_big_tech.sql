-- items: 11
-- section: Competition
-- title: Repositories of large technology companies
-- status: documented in part
-- statement: Repository growth of Big Tech, NVIDIA strongest
-- definition: Running count of models by month of creation, over all namespaces of a parent company
-- data: models.created_at, org.parent
-- value: new_in_2025 @ owner=NVIDIA
-- published: NVIDIA first in 2025
-- difference: built to releases by year
/* chart
{"mark":"line","encoding":{"x":{"field":"month","type":"temporal"},"y":{"field":"models","type":"quantitative"},"color":{"field":"owner","type":"nominal"}}}
*/
WITH t AS (
	SELECT owner, month, count(f.id) AS new
	FROM (VALUES ('NVIDIA'), ('Google'), ('Meta'), ('Microsoft'), ('OpenAI')) v (owner)
		CROSS JOIN generate_series(timestamp '2022-03-01', '2026-02-01', interval '1 month') month
		LEFT JOIN facts f USING (owner)
	WHERE f.created_at IS NULL OR date_trunc('month', f.created_at AT TIME ZONE 'UTC') = month
	GROUP BY owner, month)
SELECT owner, month::date AS month, sum(new) OVER (PARTITION BY owner ORDER BY month) AS models,
	sum(new) FILTER (WHERE extract(year FROM month) = 2025) OVER (PARTITION BY owner) AS new_in_2025
FROM t ORDER BY new_in_2025 DESC NULLS LAST, owner, month;
