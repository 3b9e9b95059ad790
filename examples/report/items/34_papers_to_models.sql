-- items: 34
-- section: Popularity and papers
-- title: Papers that lead to models
-- status: documented in part
-- statement: Daily Papers that lead to models or datasets
-- definition: Models with the tag arxiv:<id> of a paper listed, by the paper's month
-- data: models.tags, papers
-- value: papers_with_models
-- published: qualitative
-- difference: nothing was published to differ from; tags are dealt at random
/* chart
{"mark":"bar","encoding":{"x":{"field":"month","type":"temporal","timeUnit":"yearmonth"},"y":{"field":"share","type":"quantitative","axis":{"format":"%"}}}}
*/
WITH a AS (SELECT arxiv, count(*) AS models FROM facts, unnest(tag_values(tags, 'arxiv')) arxiv GROUP BY arxiv)
SELECT date_trunc('month', published_at AT TIME ZONE 'UTC')::date AS month, count(*) AS papers, count(a.arxiv) AS papers_with_models, sum(a.models) AS models,
	count(a.arxiv)::float8 / count(*) AS share
FROM papers p LEFT JOIN a ON a.arxiv = p.id GROUP BY 1 ORDER BY 1;
