-- mode: batch; ordered
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, st STRING, x DOUBLE, da DATE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/order.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, CHAR_LENGTH(st) AS n FROM orders WHERE st IS NOT NULL ORDER BY CHAR_LENGTH(st), x * -1, id;
