-- mode: streaming; keys of CASE and of comparisons
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CASE WHEN k IN ('a', 'b') THEN 'ab' WHEN k IS NULL THEN 'none' ELSE k || '-' || COALESCE(u, '') END AS kind, v > 10 AS big, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE sessions, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '30' SECOND))
GROUP BY window_start, window_end, CASE WHEN k IN ('a', 'b') THEN 'ab' WHEN k IS NULL THEN 'none' ELSE k || '-' || COALESCE(u, '') END, v > 10;
