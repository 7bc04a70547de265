-- mode: streaming; a gap of one millisecond: ties alone meet
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(SESSION(TABLE sessions, DESCRIPTOR(ts), INTERVAL '0.001' SECOND))
GROUP BY window_start, window_end;
