-- items: 38
-- section: Adoption, life time, size
-- title: The ten largest of each size class
-- status: documented
-- statement: The median of the top ten at 1 to 9 B is about four times that above 100 B
-- definition: Median of the lifetime downloads of the ten most downloaded models of a class, over the same of the largest class; NULL for a class with fewer than ten
-- data: models.downloads_all_time, parameters
-- value: to_largest_class @ class=1-9B
-- numerator: median_of_ten
-- base: of_largest_class
-- left out: unknown_size
-- published: about 4
-- difference: the simulation has a hundredth of the models, so the tenth of a class stands further down its tail; all models count, where the published list is of language models
/* chart
{"layer":[{"mark":"bar"},{"mark":{"type":"text","align":"left","dx":4},"encoding":{"text":{"field":"models","type":"quantitative","format":",.0f"}}},{"mark":{"type":"text","align":"left","dx":40},"encoding":{"text":{"value":"models"}}}],"encoding":{"y":{"field":"class","type":"ordinal","sort":null,"title":"parameters"},"x":{"field":"median_of_ten","type":"quantitative","title":"median downloads of the ten largest"}}}
*/
WITH r AS (
	SELECT size_class(params, 'report') AS class, params, lifetime, row_number() OVER (PARTITION BY size_class(params, 'report') ORDER BY lifetime DESC NULLS LAST, id) AS rank
	FROM facts WHERE params IS NOT NULL),
c AS (
	SELECT class, min(params) AS smallest, count(*) AS models,
		CASE WHEN count(*) >= 10 THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY lifetime) FILTER (WHERE rank <= 10) END AS median_of_ten
	FROM r GROUP BY class),
l AS (SELECT median_of_ten FROM c WHERE class = '>=100B')
SELECT class, models, c.median_of_ten, l.median_of_ten AS of_largest_class, c.median_of_ten / nullif(l.median_of_ten, 0) AS to_largest_class,
	(SELECT count(*) FROM facts WHERE params IS NULL) AS unknown_size
FROM c LEFT JOIN l ON true ORDER BY smallest;
