-- mode: batch; several keys: TINYINT, SMALLINT, INT, BIGINT
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, t, s, i, b, COUNT(*) AS n, MIN(id) AS first_id
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' DAY))
GROUP BY window_start, window_end, t, s, i, b;
