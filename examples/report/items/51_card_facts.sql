-- items: 51
-- section: Robotics
-- title: Figures stated in a dataset's card
-- status: needs a table from outside the Hub
-- statement: RoboMIND: 107,000 trajectories, 479 tasks
-- definition: As the card states them
-- data: dataset_fact
-- value: value
-- published: 107,000 and 479
-- difference: given by the card
/* chart
{"mark":{"type":"point","filled":true,"size":90},"encoding":{"y":{"field":"fact","type":"nominal","title":null},"x":{"field":"value","type":"quantitative","scale":{"type":"log"}}}}
*/
SELECT dataset, fact, value FROM dataset_fact ORDER BY value DESC;
