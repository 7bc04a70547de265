-- mode: streaming; CASE within and around aggregates
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, SUM(CASE WHEN k = 'a' THEN v WHEN k IS NULL THEN -1 END) AS a, CASE WHEN COUNT(*) > 3 THEN MAX(v) ELSE MIN(v) END AS b, COALESCE(SUM(v), 0) / COUNT(*) AS c
FROM TABLE(HOP(TABLE late, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
GROUP BY window_start, window_end;
