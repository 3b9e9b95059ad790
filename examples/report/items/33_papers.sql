-- items: 33
-- section: Popularity and papers
-- title: Paper upvotes by organization
-- status: documented in part
-- statement: The majority of top organisations by paper upvotes are Chinese; ByteDance has many
-- definition: Sum and number of upvotes of papers by the organization named with the paper, published in 2025; h-index of upvotes
-- data: papers
-- value: upvotes
-- published: ByteDance, DeepSeek, Tencent, Qwen on top
-- difference: papers are simulated by organization
/* chart
{"mark":"bar","encoding":{"y":{"field":"organization","type":"nominal","sort":"-x","title":null},"x":{"field":"upvotes","type":"quantitative"}}}
*/
SELECT organization, count(*) AS papers, sum(upvotes) AS upvotes, h_index(distribution_agg(upvotes)) AS h_index,
	(SELECT count(*) FROM papers WHERE organization IS NULL AND published_at >= '2025-01-01' AND published_at < '2026-01-01') AS papers_without
FROM papers WHERE published_at >= '2025-01-01' AND published_at < '2026-01-01' AND organization IS NOT NULL GROUP BY organization ORDER BY upvotes DESC LIMIT 20;
