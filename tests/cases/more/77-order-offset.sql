-- mode: batch; ordered
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, st STRING, x DOUBLE, da DATE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/order.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id FROM orders ORDER BY id LIMIT 4 OFFSET 3;
