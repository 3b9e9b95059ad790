-- items: 19
-- section: Geography and actors
-- title: Intermediaries: accounts that redistribute others' models
-- status: definition proposed here
-- statement: Intermediaries quantise, adapt and redistribute
-- definition: Accounts more than half of whose downloads come from models with a declared parent of another owner; their share of all downloads
-- data: model_edges, models.downloads_all_time
-- value: share @ account=intermediary
-- published: a meaningful portion
-- difference: no figure was published
/* chart
{"mark":"bar","encoding":{"x":{"field":"account","type":"nominal","title":null},"y":{"field":"share","type":"quantitative","axis":{"format":"%"}}}}
*/
WITH d AS (
	SELECT f.author, f.lifetime, EXISTS (SELECT FROM unnest(f.base_models) p WHERE repo_namespace(p) <> f.author) AS derived FROM facts f),
a AS (
	SELECT author, sum(lifetime) AS total, sum(lifetime) FILTER (WHERE derived) AS derived FROM d GROUP BY author HAVING sum(lifetime) > 0)
SELECT CASE WHEN derived > total / 2 THEN 'intermediary' ELSE 'other' END AS account, count(*) AS accounts, sum(total) AS downloads,
	(sum(total) / nullif(sum(sum(total)) OVER (), 0))::float8 AS share
FROM a GROUP BY 1 ORDER BY 1;
