-- items: 29
-- section: Entities and trends
-- title: Korean models trending at once
-- status: definition proposed here
-- statement: Three Korean models trended at once in February 2026
-- definition: Largest number of models of a country among the trending models of one day, last 30 days; five named companies apart
-- data: trending_snapshots, org
-- value: largest
-- numerator: models
-- base: listed
-- left out: of_unlisted_models
-- published: 3
-- difference: by chance of the simulated list
/* chart
{"mark":"bar","encoding":{"x":{"field":"captured_on","type":"temporal","timeUnit":"utcyearmonthdate","title":null,"axis":{"format":"%d %b","tickCount":5}},"y":{"field":"models","type":"quantitative","axis":{"tickMinStep":1,"format":"d"},"title":"Korean models on the list"}}}
*/
SELECT captured_on, count(f._id) FILTER (WHERE f.country = 'KR') AS models,
	count(f._id) FILTER (WHERE f.owner IN ('LG AI Research', 'SK Telecom', 'Naver Cloud', 'NC AI', 'Upstage')) AS of_the_five,
	max(count(f._id) FILTER (WHERE f.country = 'KR')) OVER () AS largest, count(*) AS listed, count(*) - count(f._id) AS of_unlisted_models
FROM trending_snapshots t LEFT JOIN facts f ON f.id = t.id
WHERE t.repo_type = 'model' AND captured_on >= (SELECT max(captured_on) FROM trending_snapshots) - 30 GROUP BY captured_on ORDER BY captured_on;
