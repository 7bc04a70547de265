-- mode: streaming; WHERE over instants below a session
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE instants (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/repeated.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(SESSION(TABLE instants, DESCRIPTOR(ts), INTERVAL '20' MINUTE))
WHERE EXTRACT(MINUTE FROM ts) < 45 AND k IS NOT NULL
GROUP BY window_start, window_end, window_time;
