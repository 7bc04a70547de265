-- mode: streaming; arithmetic on the window bounds; a constant column
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT 'w' AS tag, window_start + INTERVAL '1' MINUTE AS a, CAST(window_end AS STRING) AS b, HOUR(window_start) AS h, k, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '15' MINUTE))
GROUP BY window_start, window_end, k;
