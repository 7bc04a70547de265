-- mode: batch; TIMESTAMP(9)
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(9)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, o, COUNT(*) AS n, MAX(us) AS last_us
FROM TABLE(HOP(TABLE types, DESCRIPTOR(us), INTERVAL '0.5' SECOND, INTERVAL '1' SECOND))
GROUP BY window_start, window_end, o;
