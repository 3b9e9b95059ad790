-- items: 12
-- section: Competition
-- title: Value downstream against the cost of production
-- status: needs a table from outside the Hub
-- statement: Value created downstream far exceeds production cost
-- definition: Ratio of two published estimates; the Hub has no data on either
-- data: value_estimate (sample)
-- value: ratio
-- numerator: downstream_value
-- base: production_cost
-- left out: none: every estimate of the table has a row
-- published: none
-- difference: the sample rows of the input table are made up
/* chart
{"mark":"bar","encoding":{"y":{"field":"project","type":"nominal","title":null,"sort":"-x"},"x":{"field":"ratio","type":"quantitative","title":"value downstream / cost of production"}}}
*/
SELECT project, production_cost, downstream_value, downstream_value / nullif(production_cost, 0) AS ratio, source FROM value_estimate ORDER BY ratio DESC;
