-- items: 11
-- section: Competition
-- title: Repositories of large technology companies
-- status: documented in part
-- statement: Repository growth of Big Tech, NVIDIA strongest
-- definition: Running count of models by month of creation, over all namespaces of a parent company; its datasets beside it
-- data: models.created_at, datasets.created_at, org.parent
-- value: new_in_2025 @ owner=NVIDIA; rank_in_2025 @ owner=NVIDIA
-- numerator: models
-- base: all_models
-- left out: of_other_owners
-- published: NVIDIA first in 2025
-- difference: built to releases by year
/* chart
{"mark":"line","encoding":{"x":{"field":"month","type":"temporal"},"y":{"field":"models","type":"quantitative","title":"models released so far"},"color":{"field":"owner","type":"nominal","title":null}}}
*/
WITH v AS (SELECT unnest('{NVIDIA,Google,Meta,Microsoft,OpenAI}'::text[]) AS owner),
f AS (
	SELECT owner, date_trunc('month', created_at AT TIME ZONE 'UTC') AS month, count(*) AS models, 0 AS datasets FROM facts JOIN v USING (owner) GROUP BY 1, 2
	UNION ALL
	SELECT v.owner, date_trunc('month', d.created_at AT TIME ZONE 'UTC'), 0, count(*)
	FROM datasets d JOIN org o ON o.namespace = d.author JOIN v ON v.owner = o.parent WHERE d.vanished_on IS NULL GROUP BY 1, 2),
t AS (
	SELECT v.owner, month, coalesce(sum(f.models), 0) AS new, coalesce(sum(f.datasets), 0) AS new_datasets
	FROM v CROSS JOIN generate_series(timestamp '2022-03-01', '2026-02-01', interval '1 month') month LEFT JOIN f USING (owner, month) GROUP BY v.owner, month),
n AS (SELECT owner, sum(new) AS new_in_2025, rank() OVER (ORDER BY sum(new) DESC) AS rank_in_2025 FROM t WHERE extract(year FROM month) = 2025 GROUP BY owner)
SELECT owner, month::date AS month, sum(new) OVER w AS models, sum(new_datasets) OVER w AS datasets, new_in_2025, rank_in_2025,
	(SELECT count(*) FROM facts) AS all_models, (SELECT count(*) FROM facts WHERE owner NOT IN (SELECT owner FROM v)) AS of_other_owners
FROM t JOIN n USING (owner) WINDOW w AS (PARTITION BY owner ORDER BY month) ORDER BY rank_in_2025, owner, month;
