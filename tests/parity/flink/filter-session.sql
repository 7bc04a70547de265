-- mode: streaming; FILTER in sessions
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) FILTER (WHERE v > 5) AS a, MIN(v) FILTER (WHERE v > 5) AS b, MAX(v) AS c
FROM TABLE(SESSION(TABLE late PARTITION BY k, DESCRIPTOR(ts), INTERVAL '6' SECOND))
GROUP BY window_start, window_end, k;
