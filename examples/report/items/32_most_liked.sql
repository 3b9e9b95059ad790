-- items: 32
-- section: Popularity and papers
-- title: Most liked models over time
-- status: documented in part
-- statement: Most liked models over time
-- definition: Rank by likes at each year's end among models that existed then; turnover of the top ten since the year before
-- data: model_snapshots.likes
-- value: rank
-- published: one model leads after January 2025
-- difference: snapshots of the simulation carry the final likes, so ranks do not move; only new models enter
/* chart
{"mark":{"type":"line","point":true},"encoding":{"x":{"field":"captured_on","type":"temporal"},"y":{"field":"rank","type":"quantitative","scale":{"reverse":true,"domain":[1,10]}},"color":{"field":"id","type":"nominal"}}}
*/
WITH d AS (SELECT max(captured_on) AS captured_on FROM model_snapshots GROUP BY date_trunc('quarter', captured_on)),
r AS (
	SELECT captured_on, id, likes, row_number() OVER (PARTITION BY captured_on ORDER BY likes DESC, id) AS rank FROM model_snapshots JOIN d USING (captured_on)),
top AS (SELECT captured_on, array_agg(id ORDER BY rank) AS ids FROM r WHERE rank <= 10 GROUP BY captured_on),
turn AS (SELECT captured_on, rank_turnover(lag(ids) OVER (ORDER BY captured_on), ids, 10) AS turnover FROM top)
SELECT captured_on, rank, id, likes, turnover FROM r JOIN turn USING (captured_on) WHERE rank <= 10 ORDER BY captured_on, rank;
