-- mode: streaming; sessions over the row time of windows, the older form
-- weir refuses this and says so.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(rt, INTERVAL '15' SECOND) AS ws, SESSION_END(rt, INTERVAL '15' SECOND) AS we, SUM(n) AS n, COUNT(*) AS windows
FROM (SELECT TUMBLE_ROWTIME(ts, INTERVAL '5' SECOND) AS rt, COUNT(*) AS n FROM late GROUP BY TUMBLE(ts, INTERVAL '5' SECOND))
GROUP BY SESSION(rt, INTERVAL '15' SECOND);
