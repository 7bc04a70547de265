-- mode: batch; how numbers, booleans, decimals and times are read
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE numbers (
  i INT, x DOUBLE, o BOOLEAN, d DECIMAL(5, 2), ts TIMESTAMP(3), da DATE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/numbers.csv', 'format' = 'csv');

SELECT i, x, o, d, ts, da FROM numbers;
