-- items: 47
-- section: Hardware and cost
-- title: Price of open models against the flagship
-- status: needs a table from outside the Hub
-- statement: Open models cost 10 to 1000 times less than the flagship
-- definition: Price of the dearest closed model divided by the price of an open model; those on the Pareto front are cheaper than every one at least as good. Quality is the score of the table, so a factor says little without it
-- data: price (sample)
-- value: times_cheaper @ on_front=True
-- numerator: flagship_usd
-- base: usd_per_million_tokens
-- left out: none: every row of the table is shown
-- published: 10 to 1000
-- difference: the sample rows of the input table are made up
/* chart
{"layer":[{"mark":{"type":"point","filled":true,"size":80},"encoding":{"color":{"field":"kind","type":"nominal","title":null},"shape":{"field":"front","type":"nominal","title":null}}},{"mark":{"type":"text","dy":-12},"encoding":{"text":{"field":"model"}}}],"encoding":{"x":{"field":"quality","type":"quantitative","scale":{"zero":false,"padding":40},"title":"quality score"},"y":{"field":"usd_per_million_tokens","type":"quantitative","scale":{"type":"log","padding":16},"title":"US$ per million tokens (logarithmic)","axis":{"format":"~g"}}}}
*/
SELECT model, open, CASE WHEN open THEN 'open' ELSE 'closed' END AS kind, quality, usd_per_million_tokens, f.usd AS flagship_usd, f.usd / usd_per_million_tokens AS times_cheaper,
	NOT EXISTS (SELECT FROM price b WHERE b.quality >= p.quality AND b.usd_per_million_tokens < p.usd_per_million_tokens) AS on_front,
	CASE WHEN EXISTS (SELECT FROM price b WHERE b.quality >= p.quality AND b.usd_per_million_tokens < p.usd_per_million_tokens) THEN 'dominated' ELSE 'on the Pareto front' END AS front
FROM price p, (SELECT max(usd_per_million_tokens) AS usd FROM price WHERE NOT open) f ORDER BY quality DESC, model;
