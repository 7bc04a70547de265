-- mode: streaming; late rows in an hour that comes twice
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE repeated (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/repeated.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE repeated, DESCRIPTOR(ts), INTERVAL '30' MINUTE))
GROUP BY window_start, window_end, window_time, k;
