-- items: 10
-- section: Competition
-- title: Firms build on open models and upgrade their plans
-- status: needs a table from outside the Hub
-- statement: Start-ups and established firms build on open models; subscriptions are upgraded
-- definition: Share of firms whose plan at the later date ranks above the earlier one; new repositories of the same firms beside it as the Hub's own proxy
-- data: plan_history (sample), models
-- value: share_upgraded
-- numerator: firms_upgraded
-- base: firms
-- left out: single_reading
-- published: none
-- difference: the sample rows of the input table are made up
/* chart
{"mark":"bar","encoding":{"y":{"field":"namespace","type":"nominal","title":null,"sort":"-x"},"x":{"field":"new_models","type":"quantitative","title":"new models in 2025"},"color":{"field":"plan","type":"nominal","title":"subscription"}}}
*/
WITH p AS (
	SELECT namespace, array_position('{free,team,enterprise}', (array_agg(plan ORDER BY at DESC))[1])
		> array_position('{free,team,enterprise}', (array_agg(plan ORDER BY at))[1]) AS upgraded
	FROM plan_history GROUP BY namespace HAVING count(*) > 1)
SELECT namespace, upgraded, CASE WHEN upgraded THEN 'upgraded' ELSE 'as before' END AS plan,
	count(f.id) FILTER (WHERE f.year = 2025) AS new_models, count(f.id) FILTER (WHERE f.year = 2024) AS new_models_before,
	count(*) FILTER (WHERE upgraded) OVER () AS firms_upgraded, count(*) OVER () AS firms, (avg(upgraded::int) OVER ())::float8 AS share_upgraded,
	(SELECT count(*) FROM (SELECT FROM plan_history GROUP BY namespace HAVING count(*) = 1) q) AS single_reading
FROM p LEFT JOIN facts f ON f.author = namespace GROUP BY namespace, upgraded ORDER BY new_models DESC, namespace;
