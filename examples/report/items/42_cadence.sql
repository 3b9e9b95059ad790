-- items: 42
-- section: Adoption, life time, size
-- title: Frequent releases and share
-- status: definition proposed here
-- statement: Frequent releases hold share; those who stall lose it
-- definition: Per owner: releases in a quarter against the change of its share of downloads to the next; rank correlation over owners and quarters since 2024, of the twelve owners with the largest share
-- data: models.created_at, model_snapshots
-- value: kendall_tau
-- numerator: change
-- base: share
-- left out: other_owners
-- published: positive
-- difference: releases do not move shares in the simulation
/* chart
{"mark":{"type":"point","opacity":0.6},"encoding":{"x":{"field":"releases","type":"quantitative","scale":{"type":"symlog"},"axis":{"values":[0,1,3,10,30,100]},"title":"releases in the quarter"},"y":{"field":"change","type":"quantitative","axis":{"format":"+.1%"},"title":"change of share to the next quarter"}}}
*/
WITH q AS (
	SELECT owner, date_trunc('quarter', month)::date AS quarter, sum(downloads) AS downloads FROM period WHERE kind <> 'user' GROUP BY 1, 2),
s AS (SELECT owner, quarter, (downloads / nullif(sum(downloads) OVER (PARTITION BY quarter), 0))::float8 AS share FROM q),
top AS (SELECT owner FROM s GROUP BY owner ORDER BY max(share) DESC, owner LIMIT 12),
r AS (SELECT owner, date_trunc('quarter', released AT TIME ZONE 'UTC')::date AS quarter, count(*) AS releases FROM facts GROUP BY 1, 2),
c AS (
	SELECT s.owner, s.quarter, coalesce(r.releases, 0) AS releases, s.share, lead(s.share) OVER (PARTITION BY s.owner ORDER BY s.quarter) - s.share AS change
	FROM s JOIN top USING (owner) LEFT JOIN r USING (owner, quarter) WHERE s.quarter >= '2024-01-01')
SELECT owner, quarter, releases, share, change, (SELECT kendall_tau_b(releases, change) FROM c WHERE change IS NOT NULL) AS kendall_tau,
	(SELECT count(DISTINCT owner) FROM q) - (SELECT count(*) FROM top) AS other_owners
FROM c WHERE change IS NOT NULL ORDER BY owner, quarter;
