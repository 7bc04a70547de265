-- mode: streaming; SESSION on the wall clock, late rows
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Asia/Kolkata';
CREATE TABLE days (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/days.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(SESSION(TABLE days PARTITION BY k, DESCRIPTOR(ts), INTERVAL '4' HOUR))
GROUP BY window_start, window_end, k;
