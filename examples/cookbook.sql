-- # Cookbook
--
-- Questions about the Hub, answered in SQL. Each is one statement that can be
-- copied as it stands; the tables are the foreign tables of `hub` (see
-- [tables.md](tables.md)), the functions those of [functions.md](functions.md).
-- Every answer here is read live: the notes say what it costs in requests, of
-- which the Hub grants an anonymous reader some 500 in five minutes. What is asked
-- daily, and everything about change over time, is better asked of synchronised
-- tables. `= ANY (ARRAY(SELECT …))` hands all keys to one scan, which asks for
-- several at once. This page is written by `make docs` out of
-- `examples/cookbook.sql`.
--
-- ```
-- CREATE EXTENSION pghub;
-- CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw;
-- CREATE SCHEMA hub;
-- IMPORT FOREIGN SCHEMA hub FROM SERVER hub INTO hub;
-- ```

-- ## Models

-- ### 1. Which models are downloaded most?
-- One request: the order and the limit are the Hub's.
SELECT id, downloads, likes, pipeline_tag
FROM hub.models
ORDER BY downloads DESC
LIMIT 10;

-- ### 2. Which new models of a task appeared since a day?
-- The list comes newest first and ends at the first older model.
SELECT id, created_at, library_name
FROM hub.models
WHERE pipeline_tag = 'text-generation' AND created_at >= '2026-02-01 00:00Z'
ORDER BY created_at DESC;

-- ### 3. Under which licences are the most liked models published?
-- The inner query is one request.
SELECT coalesce(license, 'none declared') AS license, count(*) AS models, sum(likes) AS likes
FROM (SELECT license, likes FROM hub.models ORDER BY likes DESC LIMIT 500) top
GROUP BY 1
ORDER BY models DESC;

-- ### 4. How large are the models that people download?
-- `size_class` names the class of a number of parameters.
SELECT size_class(parameters) AS size, count(*) AS models, sum(downloads) AS downloads
FROM (SELECT parameters, downloads FROM hub.models WHERE pipeline_tag = 'text-generation'
	ORDER BY downloads DESC LIMIT 500) top
GROUP BY 1
ORDER BY downloads DESC;

-- ### 5. How much of what is popular is gated?
SELECT gated, count(*) AS models, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM (SELECT gated FROM hub.models ORDER BY likes DESC LIMIT 1000) top
GROUP BY gated
ORDER BY models DESC;

-- ### 6. Do downloads and likes agree on what is at the top?
-- Two requests. Rank-biased overlap weighs the first places most: 1 is the same
-- order, 0 nothing in common. Turnover is the share of the first list that the
-- second lacks.
SELECT rank_biased_overlap(d.ids, l.ids) AS overlap, rank_turnover(d.ids, l.ids) AS turnover
FROM (SELECT array_agg(id ORDER BY downloads DESC) AS ids
	FROM (SELECT id, downloads FROM hub.models ORDER BY downloads DESC LIMIT 100) q) d,
	(SELECT array_agg(id ORDER BY likes DESC) AS ids
	FROM (SELECT id, likes FROM hub.models ORDER BY likes DESC LIMIT 100) q) l;

-- ### 7. Who owns what is downloaded, and how concentrated is it?
-- Reads the list by downloads until a model has fewer than 10. The effective
-- number is that of equally large owners with the same concentration.
SELECT num_items(d) AS owners, round(gini(d)::numeric, 3) AS gini,
	round(10000 * hhi(d)) AS herfindahl, round(effective_number(d)::numeric, 1) AS effective_owners,
	coverage_count(d, 0.5) AS owners_of_half
FROM (
	SELECT distribution_agg(downloads) AS d
	FROM (SELECT author, sum(downloads) AS downloads FROM hub.models WHERE downloads >= 10 GROUP BY author) owner
) q;

-- ## Lineage

-- ### 8. Which models have the most direct children?
-- Parents stand in the tags, which lists send anyway. A whole list: 3,000 requests
-- on the real Hub; add a condition or a lower bound to see a part.
SELECT parent, count(*) AS children, count(*) FILTER (WHERE base_model_relation = 'quantized') AS quantized
FROM hub.models, unnest(base_models) AS parent
WHERE downloads > 0
GROUP BY parent
ORDER BY children DESC
LIMIT 10;

-- ### 9. Which families are largest, over all generations?
-- Each descendant is counted once, however many ways lead to it. The whole list
-- of models, as before: on the real Hub better asked of `model_edges` of a sync.
SELECT id, children, descendants, height
FROM (SELECT lineage_agg(id, base_models, base_model_relation) AS l FROM hub.models) q, lineage_nodes(l)
WHERE parents = 0
ORDER BY descendants DESC, id
LIMIT 10;

-- ### 10. What was made from one model, and how?
-- One list by the tag that the Hub gives to children; here of the parent that
-- most of the popular models name.
SELECT base_model_relation, count(*) AS models, sum(downloads) AS downloads
FROM hub.models
WHERE base_models @> ARRAY[(
	SELECT b FROM (SELECT base_models FROM hub.models ORDER BY downloads DESC LIMIT 1000) top, unnest(base_models) AS b
	GROUP BY b ORDER BY count(*) DESC, b LIMIT 1)]
GROUP BY 1
ORDER BY models DESC;

-- ### 11. What does the Hub itself count as children?
-- A look-up a model: lists refuse this field.
SELECT id, children_model_count, used_storage
FROM hub.model_details
WHERE id = ANY (ARRAY(SELECT id FROM hub.models ORDER BY likes DESC LIMIT 10));

-- ## Inside repositories

-- ### 12. How large are the files of a repository, by kind?
SELECT substring(path FROM '\.([^./]+)$') AS extension, count(*) AS files, pg_size_pretty(sum(size)) AS size
FROM hub.repo_files
WHERE repo_id = (SELECT id FROM hub.models ORDER BY downloads DESC LIMIT 1) AND type = 'file'
GROUP BY 1
ORDER BY sum(size) DESC;

-- ### 13. Do the top models of a task still ship pickled weights?
-- The files of twenty repositories, several requests at once.
SELECT repo_id, count(*) FILTER (WHERE path LIKE '%.safetensors') AS safetensors,
	count(*) FILTER (WHERE path ~ '\.(bin|pt|pth|ckpt|pkl)$') AS pickled
FROM hub.repo_files
WHERE repo_id = ANY (ARRAY(SELECT id FROM hub.models WHERE pipeline_tag = 'text-generation' ORDER BY downloads DESC LIMIT 20))
GROUP BY repo_id
ORDER BY pickled DESC, repo_id;

-- ### 14. When was work done on a repository?
-- A commit may have several authors or none; a request for every 100 commits.
SELECT date_trunc('month', committed_at)::date AS month, count(DISTINCT c.id) AS commits, count(DISTINCT author) AS authors
FROM hub.repo_commits c LEFT JOIN LATERAL unnest(authors) AS author ON true
WHERE repo_id = (SELECT id FROM hub.models ORDER BY likes DESC LIMIT 1)
GROUP BY month
ORDER BY month;

-- ### 15. How long is a repository worked on?
-- Engagement of commits: until the first gap of 28 days. Censored means that the
-- work had not stopped by the last commit known.
SELECT repo_id, duration, censored
FROM (
	SELECT repo_id, engagement_agg(committed_at) AS commits
	FROM hub.repo_commits
	WHERE repo_id = ANY (ARRAY(SELECT id FROM hub.models ORDER BY likes DESC LIMIT 20))
	GROUP BY repo_id
) q, engagement_duration(commits)
ORDER BY duration DESC NULLS LAST, repo_id;

-- ### 16. Which proposals wait for an answer longest?
SELECT repo_id, num, title, author, created_at
FROM hub.discussions
WHERE repo_id = ANY (ARRAY(SELECT id FROM hub.models ORDER BY likes DESC LIMIT 20))
	AND discussion_type = 'pull_request' AND status = 'open'
ORDER BY created_at
LIMIT 10;

-- ### 17. Who likes both of the two most liked models?
SELECT username
FROM hub.likers
WHERE repo_id = ANY (ARRAY(SELECT id FROM hub.models ORDER BY likes DESC LIMIT 2))
GROUP BY username
HAVING count(*) = 2
ORDER BY username;

-- ## Datasets and spaces

-- ### 18. Which open datasets exist for a task in a language?
-- Both conditions and the order are the Hub's.
SELECT id, downloads, size_category, license
FROM hub.datasets
WHERE languages @> '{en}' AND task_categories @> '{text-classification}' AND gated = 'false'
ORDER BY downloads DESC
LIMIT 20;

-- ### 19. What runs on a model?
-- The Hub's own index of the models that spaces use; here the model that most of
-- the popular spaces use.
SELECT id, sdk, stage, likes
FROM hub.spaces
WHERE uses_model = (
	SELECT m FROM (SELECT models FROM hub.spaces ORDER BY likes DESC LIMIT 1000) top, unnest(models) AS m
	GROUP BY m ORDER BY count(*) DESC, m LIMIT 1)
ORDER BY likes DESC;

-- ### 20. How many popular spaces run at this moment?
SELECT sdk, stage, count(*) AS spaces
FROM (SELECT sdk, stage FROM hub.spaces ORDER BY likes DESC LIMIT 1000) top
GROUP BY sdk, stage
ORDER BY spaces DESC
LIMIT 10;

-- ## Papers

-- ### 21. Which papers of a week did readers like best?
-- A request a day.
SELECT list_date, title, upvotes, organization, cardinality(authors) AS authors
FROM hub.daily_papers
WHERE list_date BETWEEN '2026-02-23' AND '2026-02-27'
ORDER BY upvotes DESC
LIMIT 10;

-- ### 22. How long after publication does a paper reach the daily list?
-- The two times are different facts: publication of the paper, and submission.
-- A distribution takes no negative values: a paper listed before its date of
-- publication counts as of the same day. A request a day.
SELECT num_items(d) AS papers, median(d) AS median_days, percentile(d, 0.9) AS ninety_percent_within
FROM (
	SELECT distribution_agg(greatest(extract(epoch FROM listed_at - published_at) / 86400, 0)) AS d
	FROM hub.daily_papers
	WHERE list_date BETWEEN '2026-02-01' AND '2026-02-27'
) q;

-- ### 23. Which datasets came with the papers of a week?
-- The tag `arxiv:` links them; a list for each paper.
SELECT p.title, d.id AS dataset, d.downloads
FROM (SELECT id, title FROM hub.daily_papers WHERE list_date BETWEEN '2026-02-02' AND '2026-02-06') p
	JOIN hub.datasets d ON d.tags @> ARRAY['arxiv:' || p.id]
ORDER BY d.downloads DESC;

-- ## People and trends

-- ### 24. Which members of an organization have the largest following?
-- A look-up for each member.
SELECT u.username, u.num_followers, u.num_models, u.num_likes
FROM hub.users u
WHERE u.name = ANY (ARRAY(
	SELECT username FROM hub.organization_members
	WHERE name = (SELECT author FROM hub.models ORDER BY likes DESC LIMIT 1)))
ORDER BY u.num_followers DESC
LIMIT 10;

-- ### 25. Does what trends also have the most likes?
-- Kendall's rank correlation: near 1, the trending list is just the popular list;
-- near 0, trends are something else. One request a list.
SELECT list_type, count(*) AS repositories, kendall_tau_b(-rank, likes) AS agreement
FROM hub.trending
WHERE list_type IN ('model', 'dataset', 'space')
GROUP BY list_type
ORDER BY list_type;
