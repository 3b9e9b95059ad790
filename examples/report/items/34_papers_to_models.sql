-- items: 34
-- section: Popularity and papers
-- title: Papers that lead to models or datasets
-- status: documented in part
-- statement: Daily Papers that lead to models or datasets; medical strong, Big Tech sparse
-- definition: Daily papers whose number a model or dataset carries in a tag arxiv:<id>, by topic (the papers' keywords, by the reference table of fields) and by kind of the organization named with the paper
-- data: models.tags, datasets.tags, papers, domain_tag, org
-- value: share @ part=medicine; share @ part=industry; share @ part=not reviewed
-- numerator: papers_with
-- base: papers
-- left out: tags_of_other_papers
-- published: qualitative
-- difference: nothing was published to differ from; tags are dealt at random
/* chart
{"mark":"bar","encoding":{"y":{"field":"part","type":"nominal","title":null,"sort":null},"x":{"field":"share","type":"quantitative","axis":{"format":"%"},"title":"share of papers with a model or dataset"},"row":{"field":"by","type":"nominal","title":null}},"resolve":{"scale":{"y":"independent"}}}
*/
WITH a AS (
	SELECT arxiv, count(*) FILTER (WHERE of = 'model') AS models, count(*) FILTER (WHERE of = 'dataset') AS datasets
	FROM (SELECT unnest(tag_values(tags, 'arxiv')) AS arxiv, 'model' AS of FROM facts
		UNION ALL SELECT unnest(tag_values(tags, 'arxiv')), 'dataset' FROM datasets WHERE vanished_on IS NULL) t GROUP BY arxiv),
p AS (
	SELECT p.id, a.arxiv IS NOT NULL AS found, coalesce(a.models, 0) AS models, coalesce(a.datasets, 0) AS datasets,
		coalesce(k.kind, CASE WHEN p.organization IS NULL THEN 'none named' ELSE 'not reviewed' END) AS kind,
		coalesce((SELECT array_agg(DISTINCT d.field) FROM unnest(p.ai_keywords) w JOIN domain_tag d ON d.tag = lower(w) WHERE d.field IS NOT NULL), '{other or none}') AS topics
	FROM papers p LEFT JOIN a ON a.arxiv = p.id LEFT JOIN (SELECT parent, min(kind) AS kind FROM org GROUP BY parent) k ON k.parent = p.organization),
b AS (
	SELECT 'by kind of organization' AS by, kind AS part, found, models, datasets FROM p
	UNION ALL SELECT 'by topic', topic, found, models, datasets FROM p, unnest(topics) topic)
SELECT by, part, count(*) AS papers, count(*) FILTER (WHERE found) AS papers_with, sum(models) AS models, sum(datasets) AS datasets,
	avg(found::int)::float8 AS share, (SELECT count(*) FROM a WHERE NOT EXISTS (SELECT FROM papers q WHERE q.id = arxiv)) AS tags_of_other_papers
FROM b GROUP BY by, part ORDER BY by, share DESC, part;
