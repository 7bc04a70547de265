-- mode: streaming; late rows in an hour that comes twice; CUMULATE
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE repeated (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/repeated.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(CUMULATE(TABLE repeated, DESCRIPTOR(ts), INTERVAL '30' MINUTE, INTERVAL '2' HOUR))
GROUP BY window_start, window_end, k;
