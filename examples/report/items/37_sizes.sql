-- items: 37
-- section: Adoption, life time, size
-- title: Downloads by size of the model
-- status: documented
-- statement: Small models are downloaded far more
-- definition: Lifetime downloads by class of parameters; models of unknown size are out and their weight is given
-- data: models.parameters, names, size classes
-- value: up_to @ class=0.5 to 1 B
-- published: 0.925 below 1 B (of the 50 largest accounts)
-- difference: built to it within 0.06; the published base is the 50 largest accounts
/* chart
{"mark":"bar","encoding":{"x":{"field":"class","type":"ordinal","sort":null},"y":{"field":"share","type":"quantitative","axis":{"format":"%"}}}}
*/
WITH c AS (
	SELECT label AS class, lower, coalesce(sum(f.lifetime), 0) AS downloads, count(f.id) AS models
	FROM (VALUES ('below 100 M', 0, 1e8), ('100 to 200 M', 1e8, 2e8), ('200 to 500 M', 2e8, 5e8), ('0.5 to 1 B', 5e8, 1e9), ('1 to 10 B', 1e9, 1e10),
		('10 to 100 B', 1e10, 1e11), ('100 B and more', 1e11, 1e18)) v (label, lower, upper)
		LEFT JOIN facts f ON f.params >= lower AND f.params < upper GROUP BY label, lower)
SELECT class, models, downloads, (downloads / nullif(sum(downloads) OVER (), 0))::float8 AS share, (sum(downloads) OVER (ORDER BY lower) / nullif(sum(downloads) OVER (), 0))::float8 AS up_to,
	(SELECT (sum(lifetime) FILTER (WHERE params IS NULL) / nullif(sum(lifetime), 0))::float8 FROM facts) AS unknown_share
FROM c ORDER BY lower;
