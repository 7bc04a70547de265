-- mode: streaming; an offset over 1970
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE epoch, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL -'1' SECOND))
GROUP BY window_start, window_end, k;
