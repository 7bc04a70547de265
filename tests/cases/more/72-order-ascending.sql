-- mode: batch; ordered; NULL first, NaN last, strings by code point
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, st STRING, x DOUBLE, da DATE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/order.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT x, id, st FROM orders ORDER BY x, id;
