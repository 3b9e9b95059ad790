-- items: 19
-- section: Geography and actors
-- title: Intermediaries: accounts that redistribute others' models
-- status: definition proposed here
-- statement: Intermediaries quantise, adapt and redistribute
-- definition: Accounts more than half of whose downloads come from models with a declared parent of another owner; their share of all downloads
-- data: model_edges, models.downloads_all_time
-- value: share @ account=intermediary
-- numerator: downloads
-- base: all_downloads
-- left out: accounts_without_downloads
-- published: a meaningful portion
-- difference: no figure was published
/* chart
{"layer":[{"mark":"bar","encoding":{"x":{"field":"share","type":"quantitative","axis":{"format":"%"},"scale":{"domain":[0,1]},"title":"share"}}},{"mark":{"type":"text","align":"left","dx":4},"encoding":{"x":{"field":"share","type":"quantitative"},"text":{"field":"share","type":"quantitative","format":".1%"}}}],"transform":[{"filter":"datum.account == 'intermediary'"},{"fold":["share","share_of_accounts"],"as":["of","part"]},{"calculate":"datum.of == 'share' ? 'of downloads' : 'of accounts'","as":"of"},{"calculate":"datum.part","as":"share"}],"encoding":{"y":{"field":"of","type":"nominal","title":null,"axis":{"labelLimit":120}}}}
*/
WITH d AS (
	SELECT f.author, f.lifetime, EXISTS (SELECT FROM unnest(f.base_models) p WHERE repo_namespace(p) <> f.author) AS derived FROM facts f),
a AS (
	SELECT author, coalesce(sum(lifetime), 0) AS total, coalesce(sum(lifetime) FILTER (WHERE derived), 0) AS derived FROM d GROUP BY author)
SELECT CASE WHEN derived > total / 2 THEN 'intermediary' ELSE 'other' END AS account, count(*) AS accounts, sum(total) AS downloads, sum(sum(total)) OVER () AS all_downloads,
	(sum(total) / nullif(sum(sum(total)) OVER (), 0))::float8 AS share, (count(*) / sum(count(*)) OVER ())::float8 AS share_of_accounts,
	(SELECT count(*) FROM a WHERE total = 0) AS accounts_without_downloads
FROM a WHERE total > 0 GROUP BY 1 ORDER BY 1;
