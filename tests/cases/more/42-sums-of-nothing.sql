-- mode: batch; only NULLs: COUNT 0, the others NULL
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE sums (
  ts TIMESTAMP(3), k STRING, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sums.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, COUNT(t) AS n, SUM(t) AS s, MIN(i) AS mi, MAX(f) AS mf, AVG(b) AS ab, AVG(x) AS ax, MAX(k) AS mk, COUNT(*) AS rows_n
FROM TABLE(TUMBLE(TABLE sums, DESCRIPTOR(ts), INTERVAL '10' MINUTE))
WHERE t IS NULL AND i IS NULL OR f IS NULL AND x IS NULL OR b IS NULL AND s IS NULL
GROUP BY window_start, window_end;
