-- mode: batch; TIMESTAMP(6): windows are cut in milliseconds, NULL times dropped
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, COUNT(*) AS n, MIN(us) AS first_us, MAX(us) AS last_us, COUNT(st) AS nst
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(us), INTERVAL '1' SECOND))
GROUP BY window_start, window_end, window_time;
