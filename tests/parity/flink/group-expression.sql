-- mode: streaming; bounds in expressions, a key that is one
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT CAST(TUMBLE_START(ts, INTERVAL '15' SECOND) AS STRING) AS ws, COALESCE(k, '?') AS kk, MAX(v) - MIN(v) AS span
FROM late
GROUP BY TUMBLE(ts, INTERVAL '15' SECOND), COALESCE(k, '?')
HAVING MAX(v) > 3;
