-- items: 32
-- section: Popularity and papers
-- title: Most liked models over time
-- status: documented in part
-- statement: Most liked models over time
-- definition: Rank by likes at the last reading of each quarter, among the models that existed then; turnover: the share of the ten that the quarter before did not have
-- data: model_snapshots.likes
-- value: leader @ captured_on=2024-12-01; leader @ captured_on=2025-12-01; mean_turnover
-- numerator: likes
-- base: models
-- left out: without_likes_known
-- published: DeepSeek-R1 leads after January 2025; a year before mostly Llama
-- difference: likes are simulated with a decay after release; the most liked models are built to the published order
/* chart
{"transform":[{"filter":"datum.quarters_back < 10"}],"layer":[{"mark":{"type":"line","point":{"size":40},"interpolate":"monotone","clip":true},"encoding":{"detail":{"field":"id"},"color":{"field":"owner","type":"nominal","legend":null}}},{"transform":[{"filter":"datum.quarters_back == 0"}],"mark":{"type":"text","align":"left","dx":8,"limit":190},"encoding":{"text":{"field":"id"}}}],"encoding":{"x":{"field":"captured_on","type":"temporal","title":null},"y":{"field":"rank","type":"quantitative","scale":{"reverse":true,"domain":[0.5,10.5],"nice":false},"axis":{"values":[1,2,3,4,5,6,7,8,9,10],"grid":false},"title":"rank by likes"}},"height":300}
*/
WITH d AS (
	SELECT max(captured_on) AS captured_on, row_number() OVER (ORDER BY max(captured_on) DESC) - 1 AS quarters_back FROM model_snapshots GROUP BY date_trunc('quarter', captured_on)),
r AS (
	SELECT captured_on, quarters_back, id, likes, row_number() OVER w AS rank, count(likes) OVER (PARTITION BY captured_on) AS models,
		count(*) FILTER (WHERE likes IS NULL) OVER (PARTITION BY captured_on) AS without_likes_known
	FROM model_snapshots JOIN d USING (captured_on) WINDOW w AS (PARTITION BY captured_on ORDER BY likes DESC NULLS LAST, id)),
top AS (SELECT captured_on, array_agg(id ORDER BY rank) AS ids FROM r WHERE rank <= 10 GROUP BY captured_on),
turn AS (SELECT captured_on, ids[1] AS leader, rank_turnover(lag(ids) OVER (ORDER BY captured_on), ids, 10) AS turnover FROM top)
SELECT captured_on, quarters_back, rank, id, repo_name(id) AS name, coalesce(repo_namespace(id), 'none') AS owner, likes, models, leader, turnover,
	(SELECT avg(turnover) FROM turn) AS mean_turnover, without_likes_known
FROM r JOIN turn USING (captured_on) WHERE rank <= 10 ORDER BY captured_on, rank;
