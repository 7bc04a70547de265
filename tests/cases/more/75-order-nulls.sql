-- mode: batch; ordered; NULLS FIRST and NULLS LAST
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, st STRING, x DOUBLE, da DATE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/order.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, st, da FROM orders ORDER BY st NULLS LAST, da DESC NULLS FIRST, id;
