-- items: 31
-- section: Entities and trends
-- title: Models are used most where they are made
-- status: needs a table from outside the Hub
-- statement: Models and datasets are most used where they are made
-- definition: Location quotient: share of a downloader's region in a developer's downloads, over its share in all downloads. Above 1 on the diagonal is home bias
-- data: downloads_by_region (sample; not published by the Hub)
-- value: location_quotient @ home=True
-- published: diagonal above 1
-- difference: the sample rows of the input table are made up
/* chart
{"mark":"rect","encoding":{"x":{"field":"downloader","type":"nominal"},"y":{"field":"developer","type":"nominal"},"color":{"field":"location_quotient","type":"quantitative"}}}
*/
SELECT developer, downloader, downloads, (downloads / sum(downloads) OVER (PARTITION BY developer))::float8 AS row_share,
	((downloads / sum(downloads) OVER (PARTITION BY developer)) / (sum(downloads) OVER (PARTITION BY downloader) / sum(downloads) OVER ()))::float8 AS location_quotient,
	developer = downloader AS home
FROM downloads_by_region ORDER BY developer, downloader;
