-- mode: streaming; FILTER where no row passes in some windows, keys NULL
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, MIN(s) FILTER (WHERE i > 1000) AS a, COUNT(s) FILTER (WHERE i < 0) AS b, MAX(da) FILTER (WHERE da > DATE '2024-01-01') AS c
FROM TABLE(CUMULATE(TABLE types, DESCRIPTOR(ts), INTERVAL '30' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k
HAVING COUNT(*) FILTER (WHERE i < 0) > 0 OR k IS NULL;
