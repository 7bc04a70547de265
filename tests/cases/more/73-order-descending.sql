-- mode: batch; ordered; NULL last
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, st STRING, x DOUBLE, da DATE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/order.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT st, x, id FROM orders ORDER BY st DESC, id DESC;
