-- items: 23
-- section: Entities and trends
-- title: Owners of the most popular models
-- status: documented in part
-- statement: The most popular models come from large U.S. and Chinese organisations
-- definition: Countries of the owners of the 200 models with most likes, most lifetime downloads, and the highest trending score
-- data: models, org.country
-- value: of_us_and_cn @ by=likes; of_us_and_cn @ by=downloads; of_us_and_cn @ by=trending
-- numerator: models
-- base: of_models
-- left out: below_the_200
-- published: US and CN dominate
-- difference: likes follow downloads in the simulation; the most liked models are built to the published list
/* chart
{"mark":"bar","encoding":{"y":{"field":"by","type":"nominal","title":null},"x":{"field":"models","type":"quantitative","stack":"normalize","axis":{"format":"%"},"title":"share of the 200"},"color":{"field":"country","type":"nominal","title":"country of the owner (ISO 3166)"}}}
*/
SELECT by, country, count(*) AS models, sum(count(*)) OVER w AS of_models, (count(*) / sum(count(*)) OVER w)::float8 AS share,
	(sum(count(*)) FILTER (WHERE country IN ('US', 'CN')) OVER w / sum(count(*)) OVER w)::float8 AS of_us_and_cn,
	(SELECT count(*) FROM facts) - sum(count(*)) OVER w AS below_the_200
FROM ((SELECT 'likes' AS by, country FROM facts ORDER BY likes DESC NULLS LAST, id LIMIT 200)
	UNION ALL (SELECT 'downloads', country FROM facts ORDER BY lifetime DESC NULLS LAST, id LIMIT 200)
	UNION ALL (SELECT 'trending', country FROM facts WHERE trending_score > 0 ORDER BY trending_score DESC, id LIMIT 200)) q
GROUP BY by, country WINDOW w AS (PARTITION BY by) ORDER BY by, models DESC, country;
