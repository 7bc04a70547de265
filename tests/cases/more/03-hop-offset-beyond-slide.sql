-- mode: streaming; an offset greater than the slide; the keys are not in the result
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, COUNT(*) AS n, MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM TABLE(HOP(TABLE ticks, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '3' MINUTE, INTERVAL '2' HOUR))
GROUP BY window_start, window_end, k;
