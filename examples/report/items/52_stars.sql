-- items: 52
-- section: Robotics
-- title: Stars of a robotics library
-- status: needs a table from outside the Hub
-- statement: GitHub stars nearly tripled in a year
-- definition: Stars at a date over those a year earlier
-- data: repository_stars (sample)
-- value: growth
-- numerator: stars
-- base: stars_before
-- left out: none: every reading of the table is shown
-- published: about 3
-- difference: the sample rows of the input table are made up
/* chart
{"mark":{"type":"line","point":true},"encoding":{"x":{"field":"at","type":"temporal","title":null},"y":{"field":"stars","type":"quantitative"}}}
*/
SELECT s.repository, s.at, s.stars, b.stars AS stars_before, growth_factor(b.stars, s.stars) AS growth
FROM repository_stars s LEFT JOIN repository_stars b ON b.repository = s.repository AND b.at = (s.at - interval '1 year')::date ORDER BY s.at;
