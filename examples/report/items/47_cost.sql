-- items: 47
-- section: Hardware and cost
-- title: Price of open models against the flagship
-- status: needs a table from outside the Hub
-- statement: Open models cost 10 to 1000 times less than the flagship
-- definition: Price of the flagship divided by the price of an open model; those on the Pareto front are cheaper than every better one
-- data: price (sample)
-- value: times_cheaper @ on_front=True
-- published: 10 to 1000
-- difference: the sample rows of the input table are made up
/* chart
{"mark":{"type":"point","filled":true},"encoding":{"x":{"field":"quality","type":"quantitative","scale":{"zero":false}},"y":{"field":"usd_per_million_tokens","type":"quantitative","scale":{"type":"log"}},"color":{"field":"open","type":"nominal"},"shape":{"field":"on_front","type":"nominal"}}}
*/
SELECT model, open, quality, usd_per_million_tokens, (SELECT max(usd_per_million_tokens) FROM price WHERE NOT open) / usd_per_million_tokens AS times_cheaper,
	NOT EXISTS (SELECT FROM price b WHERE b.quality >= p.quality AND b.usd_per_million_tokens < p.usd_per_million_tokens) AS on_front
FROM price p ORDER BY quality DESC;
