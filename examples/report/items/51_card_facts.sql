-- items: 51
-- section: Robotics
-- title: Figures stated in a dataset's card
-- status: needs a table from outside the Hub
-- statement: RoboMIND: 107,000 trajectories, 479 tasks
-- definition: As the card states them
-- data: dataset_fact
-- value: value @ fact=trajectories; value @ fact=tasks
-- numerator: value
-- base: none: stated figures, not shares
-- left out: none: every fact of the table is shown
-- published: 107,000 and 479
-- difference: given by the card
/* chart
{"layer":[{"mark":{"type":"point","filled":true,"size":90}},{"mark":{"type":"text","dy":-12},"encoding":{"text":{"field":"value","type":"quantitative","format":","}}}],"encoding":{"y":{"field":"fact","type":"nominal","title":null},"x":{"field":"value","type":"quantitative","scale":{"type":"log","padding":30},"title":"stated in the card (logarithmic)"}},"height":110}
*/
SELECT dataset, fact, value FROM dataset_fact ORDER BY value DESC;
