-- items: 21
-- section: Entities and trends
-- title: New trending models by entity
-- status: definition proposed here
-- statement: Individuals are the fourth entity among new trending models; France and South Korea are competitive
-- definition: Models created in 2025 that ever stood in the trending top 30, counted by country, all individuals being one entity
-- data: trending_snapshots, org
-- value: rank @ entity=individual; rank @ entity=FR; rank @ entity=KR
-- numerator: models
-- base: all_models
-- left out: not_listed
-- published: individuals fourth
-- difference: trending is simulated from recent likes, without a country effect
/* chart
{"mark":"bar","encoding":{"y":{"field":"entity","type":"nominal","sort":"-x","title":null},"x":{"field":"models","type":"quantitative","title":"models that ever trended"}}}
*/
SELECT f.country AS entity, count(DISTINCT f._id) AS models, rank() OVER (ORDER BY count(DISTINCT f._id) DESC) AS rank, sum(count(DISTINCT f._id)) OVER () AS all_models,
	(SELECT count(DISTINCT id) FROM trending_snapshots t WHERE repo_type = 'model' AND t.rank <= 30 AND NOT EXISTS (SELECT FROM facts f WHERE f.id = t.id)) AS not_listed
FROM trending_snapshots t JOIN facts f USING (id) WHERE t.repo_type = 'model' AND f.year = 2025 AND t.rank <= 30 GROUP BY f.country ORDER BY models DESC, entity;
