-- items: 31
-- section: Entities and trends
-- title: Models are used most where they are made
-- status: needs a table from outside the Hub
-- statement: Models and datasets are most used where they are made
-- definition: Location quotient: share of a downloader's region in a developer's downloads, over its share in all downloads; above 1 on the diagonal is home bias. Home share: share of all downloads within one region, beside what independence would give
-- data: downloads_by_region (sample; not published by the Hub)
-- value: location_quotient @ home=True; home_share; home_share_if_independent
-- numerator: downloads
-- base: downloads_of_developer
-- left out: none: the matrix is taken whole
-- published: diagonal above 1
-- difference: the sample rows of the input table are made up
/* chart
{"layer":[{"mark":"rect","encoding":{"color":{"field":"location_quotient","type":"quantitative","title":"location quotient","scale":{"domainMid":1}}}},{"mark":{"type":"text","fontSize":13,"fontWeight":"bold"},"encoding":{"text":{"field":"location_quotient","type":"quantitative","format":".2f"},"color":{"condition":{"test":"datum.location_quotient > 1.2","value":"#ffffff"},"value":"#1f2430"}}}],"encoding":{"x":{"field":"downloader","type":"nominal","title":"region of the downloader","axis":{"labelAngle":0}},"y":{"field":"developer","type":"nominal","title":"region of the developer"}},"height":180}
*/
WITH m AS (
	SELECT developer, downloader, downloads, sum(downloads) OVER (PARTITION BY developer) AS of_developer, sum(downloads) OVER (PARTITION BY downloader) AS of_downloader,
		sum(downloads) OVER () AS total, developer = downloader AS home
	FROM downloads_by_region)
SELECT developer, downloader, downloads, of_developer AS downloads_of_developer, (downloads / of_developer)::float8 AS row_share,
	((downloads / of_developer) / (of_downloader / total))::float8 AS location_quotient, home,
	(sum(downloads) FILTER (WHERE home) OVER () / total)::float8 AS home_share,
	(sum(of_developer * of_downloader) FILTER (WHERE home) OVER () / total ^ 2)::float8 AS home_share_if_independent
FROM m ORDER BY developer, downloader;
