-- items: 1
-- section: Growth and concentration
-- title: Users double in a year
-- status: needs a table from outside the Hub
-- statement: 11 million users in 2025, close to double the year before
-- definition: Accounts at a year's end divided by those a year earlier; doubling time from the slope of the logarithm
-- data: users_total (sample)
-- value: growth @ at=2025-12-31
-- numerator: users
-- base: users_before
-- left out: none: totals as published, nothing is filtered
-- published: about 2
-- difference: only the 11 million are published; the other rows are made up
/* chart
{"mark":"bar","encoding":{"x":{"field":"at","type":"ordinal","title":"end of year","axis":{"labelAngle":0,"labelExpr":"slice(datum.label, 0, 4)"}},"y":{"field":"users","type":"quantitative","title":"accounts"}}}
*/
SELECT at, users, lag(users) OVER w AS users_before,
	growth_factor(lag(users) OVER w, users) AS growth,
	(SELECT doubling_time(at::timestamptz, users) FROM users_total) AS doubling_time
FROM users_total WINDOW w AS (ORDER BY at) ORDER BY at;
