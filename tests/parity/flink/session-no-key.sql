-- mode: streaming; one session over all rows
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n, COUNT(v) AS nv, SUM(v) AS sv, MIN(v) AS minv, MAX(v) AS maxv, AVG(v) AS av
FROM TABLE(SESSION(TABLE sessions, DESCRIPTOR(ts), INTERVAL '5' SECOND))
GROUP BY window_start, window_end;
