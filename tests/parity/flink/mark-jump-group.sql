-- mode: streaming; the same over the older form
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE steps (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS CASE WHEN k = 'jump' THEN ts + INTERVAL '30' SECOND WHEN k IS NULL THEN CAST(NULL AS TIMESTAMP(3)) ELSE ts - INTERVAL '1' MINUTE END
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/steps.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE) AS ws, TUMBLE_END(ts, INTERVAL '1' MINUTE) AS we, TUMBLE_ROWTIME(ts, INTERVAL '1' MINUTE) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM steps
GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE), k;
