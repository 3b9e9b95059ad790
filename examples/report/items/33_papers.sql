-- items: 33
-- section: Popularity and papers
-- title: Paper upvotes by organization
-- status: documented in part
-- statement: The majority of top organisations by paper upvotes are Chinese; ByteDance has many
-- definition: Sum and number of upvotes of papers by the organization named with the paper, published in 2025; h-index of upvotes; country by the reference table, the top ten counted by it
-- data: papers, org
-- value: organization @ rank=1; chinese_of_top_10
-- numerator: upvotes
-- base: all_upvotes
-- left out: papers_without
-- published: ByteDance, DeepSeek, Tencent, Qwen on top
-- difference: papers are simulated by organization, from shares of papers, not of upvotes
/* chart
{"mark":"bar","encoding":{"y":{"field":"organization","type":"nominal","sort":"-x","title":null},"x":{"field":"upvotes","type":"quantitative","title":"upvotes of papers of 2025"},"color":{"field":"country","type":"nominal","title":"country (ISO 3166)"}}}
*/
WITH p AS (SELECT organization, upvotes FROM papers WHERE published_at >= '2025-01-01 00:00Z' AND published_at < '2026-01-01 00:00Z'),
g AS (
	SELECT rank() OVER (ORDER BY sum(upvotes) DESC) AS rank, organization, count(*) AS papers, sum(upvotes) AS upvotes, h_index(distribution_agg(upvotes)) AS h_index,
		coalesce((SELECT min(country) FROM org WHERE parent = organization), 'not reviewed') AS country
	FROM p WHERE organization IS NOT NULL GROUP BY organization)
SELECT rank, organization, country, papers, upvotes, (SELECT sum(upvotes) FROM p) AS all_upvotes, h_index,
	-- of nobody reviewed nothing is known
	CASE WHEN bool_or(rank <= 10 AND country <> 'not reviewed') OVER () THEN count(*) FILTER (WHERE rank <= 10 AND country = 'CN') OVER () END AS chinese_of_top_10,
	(SELECT count(*) FROM p WHERE organization IS NULL) AS papers_without
FROM g ORDER BY rank, organization LIMIT 20;
