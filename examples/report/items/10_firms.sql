-- items: 10
-- section: Competition
-- title: Firms build on open models and upgrade their plans
-- status: needs a table from outside the Hub
-- statement: Start-ups and established firms build on open models; subscriptions are upgraded
-- definition: Share of firms whose plan at the later date ranks above the earlier one; new repositories of the same firms beside it as the Hub's own proxy
-- data: plan_history (sample), models
-- value: upgraded
-- published: none
-- difference: the sample rows of the input table are made up
/* chart
{"mark":"bar","encoding":{"y":{"field":"namespace","type":"nominal","title":null},"x":{"field":"new_models","type":"quantitative"},"color":{"field":"upgraded","type":"nominal"}}}
*/
WITH p AS (
	SELECT namespace, array_position('{free,team,enterprise}', (array_agg(plan ORDER BY at DESC))[1])
		> array_position('{free,team,enterprise}', (array_agg(plan ORDER BY at))[1]) AS upgraded
	FROM plan_history GROUP BY namespace)
SELECT namespace, upgraded, count(f.id) FILTER (WHERE f.year = 2025) AS new_models, count(f.id) FILTER (WHERE f.year = 2024) AS new_models_before,
	avg(upgraded::int) OVER () AS share_upgraded
FROM p LEFT JOIN facts f ON f.author = namespace GROUP BY namespace, upgraded ORDER BY new_models DESC;
