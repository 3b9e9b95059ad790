-- items: 54
-- section: Science
-- title: Projects with many contributors
-- status: definition proposed here
-- statement: Projects with hundreds of contributors across institutions
-- definition: Distinct authors of discussions and pull requests on a model, the institutions they are members of, and the fewest authors that hold half of all (contributor absence factor); the fifteen models with most
-- data: discussions, org_member (sample)
-- value: contributors; institutions
-- numerator: contributors
-- base: events
-- left out: without_institution
-- published: hundreds
-- difference: at most 60 discussions a model are simulated; the members of institutions are made up
/* chart
{"transform":[{"fold":["contributors","institutions"],"as":["of","number"]}],"mark":"bar","encoding":{"y":{"field":"name","type":"nominal","sort":{"field":"contributors","order":"descending"},"title":null},"x":{"field":"number","type":"quantitative","stack":null,"title":"distinct"},"yOffset":{"field":"of"},"color":{"field":"of","type":"nominal","title":null}}}
*/
WITH a AS (SELECT repo_id, author, count(*) AS n FROM discussions WHERE repo_type = 'model' AND author IS NOT NULL GROUP BY repo_id, author),
i AS (
	SELECT repo_id, count(DISTINCT m.namespace) AS institutions, count(DISTINCT a.author) FILTER (WHERE m.namespace IS NULL) AS without_institution
	FROM a LEFT JOIN org_member m ON m.username = a.author GROUP BY repo_id)
SELECT repo_id, repo_name(repo_id) AS name, count(*) AS contributors, sum(n) AS events, coverage_count(distribution_agg(n), 0.5) AS absence_factor, institutions, without_institution
FROM a JOIN i USING (repo_id) GROUP BY repo_id, institutions, without_institution ORDER BY contributors DESC, repo_id LIMIT 15;
