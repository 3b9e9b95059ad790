-- items: 12
-- section: Competition
-- title: Value downstream against the cost of production
-- status: needs a table from outside the Hub
-- statement: Value created downstream far exceeds production cost
-- definition: Ratio of two published estimates; the Hub has no data on either
-- data: value_estimate (sample)
-- value: ratio
-- published: none
-- difference: the sample rows of the input table are made up
/* chart
{"mark":{"type":"point","filled":true,"size":90},"encoding":{"y":{"field":"project","type":"nominal","title":null},"x":{"field":"ratio","type":"quantitative","scale":{"type":"log"}}}}
*/
SELECT project, production_cost, downstream_value, downstream_value / production_cost AS ratio, source FROM value_estimate ORDER BY ratio DESC;
