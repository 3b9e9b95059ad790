-- items: 54
-- section: Science
-- title: Projects with many contributors
-- status: definition proposed here
-- statement: Projects with hundreds of contributors across institutions
-- definition: Distinct authors of discussions and pull requests on a model, and the fewest authors that hold half of them (contributor absence factor)
-- data: discussions
-- value: contributors
-- published: hundreds
-- difference: at most 60 discussions a model are simulated
/* chart
{"mark":"bar","encoding":{"y":{"field":"repo_id","type":"nominal","sort":"-x","title":null},"x":{"field":"contributors","type":"quantitative"}}}
*/
SELECT repo_id, count(*) AS contributors, sum(n) AS events, coverage_count(distribution_agg(n), 0.5) AS absence_factor
FROM (SELECT repo_id, author, count(*) AS n FROM discussions WHERE repo_type = 'model' GROUP BY repo_id, author) q GROUP BY repo_id ORDER BY contributors DESC, repo_id LIMIT 15;
