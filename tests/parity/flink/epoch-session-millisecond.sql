-- mode: streaming; sessions at 1970 to the millisecond
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(SESSION(TABLE epoch, DESCRIPTOR(ts), INTERVAL '0.001' SECOND))
GROUP BY window_start, window_end;
