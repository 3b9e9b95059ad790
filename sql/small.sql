-- functions of single values: names, tags, sizes, ranks

SELECT id, repo_namespace(id), repo_name(id), params_from_name(id) FROM unnest(ARRAY[
	'Qwen/Qwen2.5-7B-Instruct', 'gpt2', 'mistralai/Mixtral-8x7B-Instruct-v0.1', 'HuggingFaceTB/SmolLM2-135M',
	'Qwen/Qwen3-30B-A3B', 'Qwen/Qwen1.5-MoE-A2.7B', 'Qwen/Qwen2.5-7B-Instruct-1M', 'unsloth/Llama-3.2-1B-bnb-4bit',
	'microsoft/Phi-3-mini-128k-instruct', 'google/gemma-3n-E4B-it', 'inclusionAI/Ring-1T', 'inclusionAI/Ling-mini-base-2.0-20T',
	'TinyLlama/TinyLlama-1.1B-intermediate-step-1431k-3T', '7B-owner/model', 'a/b/c', '', 'x/0.5b', 'x/model_13b_v2', 'x/99999999999999999999B', 'x/3.5B.gguf']) id;
SELECT repo_namespace(NULL), repo_name(NULL), params_from_name(NULL);

SELECT p, size_class(p), size_class(p, 'report'), size_class(p, 'small')
FROM unnest(ARRAY[0, 99999999, 100000000, 999999999, 1000000000, 7000000000, 10000000000, 70000000000, 100000000000, 671000000000]) p;
SELECT size_class(-1);
SELECT size_class(1, 'mine');

SELECT tag_value(t, 'license'), tag_values(t, 'arxiv'), tag_values(t, 'base_model'), tag_value(t, 'base_model:finetune'), tag_values(t, 'region'), tag_value(t, 'none')
FROM (SELECT ARRAY['transformers', 'license:apache-2.0', NULL, 'arxiv:2106.09685', 'arxiv:2305.14314', 'base_model:Qwen/Qwen2.5-7B', 'base_model:finetune:Qwen/Qwen2.5-7B', 'region:', 'licenses:x']) q(t);
SELECT tag_value(NULL, 'license'), tag_values(NULL, 'license'), tag_values('{}', 'license');
SELECT tag_value('{a:b}', '');

SELECT growth_factor(1080000, 2265000), growth_factor(0, 5), growth_factor(5, 0), growth_factor(NULL, 1);
SELECT growth_factor(-1, 1);
SELECT growth_factor('NaN', 1);

SELECT rank_turnover(ARRAY['a', 'b', 'c'], ARRAY['c', 'd', 'a']), rank_turnover(ARRAY['a', 'b', 'c'], ARRAY['c', 'd', 'a'], 1),
	rank_turnover(ARRAY['a', 'b'], ARRAY['b', 'a'], 2), rank_turnover(ARRAY['a', 'b'], ARRAY['b', 'c', 'd', 'a']), rank_turnover('{}', '{}'), rank_turnover(NULL, '{a}');
SELECT rank_turnover('{a}', '{b}', 0);
SELECT rank_turnover('{a,NULL}', '{b}');
SELECT rank_turnover('{a,a}', '{b}');
-- Webber et al. (2010): equal lists 1, disjoint 0; by hand for p = 1/2:
-- depths 1 and 2 of (a b) and (a c) agree 1 and 1/2: 1/2 + 1/8 + 1/8
SELECT rank_biased_overlap('{a,b,c}', '{a,b,c}') AS equal, rank_biased_overlap('{a,b}', '{c,d}') AS disjoint,
	rank_biased_overlap('{a,b}', '{a,c}', 0.5) AS by_hand, rank_biased_overlap('{}', '{a}') AS empty;
-- unlike lengths: (a) agrees fully as far as it goes
SELECT round(rank_biased_overlap('{a}', '{a,b,c}')::numeric, 12) AS prefix, rank_biased_overlap('{a,b,c}', '{b}', 0.9) = rank_biased_overlap('{b}', '{a,b,c}', 0.9) AS symmetric;
SELECT rank_biased_overlap('{a}', '{a}', 1);

SELECT r.* FROM (VALUES
	('{"total": 7615616512}'::jsonb, NULL::jsonb, 'Qwen/Qwen2.5-7B', NULL::bigint), (NULL, '{"total": 5}', 'x/7B', NULL),
	(NULL, NULL, 'x/7B', NULL), ('{"total": 1}', NULL, 'x/7B', 671000000000), (NULL, NULL, 'x/y', NULL),
	('{"total": "7B"}', '{"total": null}', 'x/3M', 0), ('[]', '7', 'x', NULL), ('{"total": 1e30}', '{"total": 2.0}', NULL, NULL)
) q(safetensors, gguf, id, override), resolve_params(safetensors, gguf, id, override) r;
