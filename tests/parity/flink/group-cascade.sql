-- mode: streaming; a second window over the row time of the first
-- weir refuses this and says so.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(rt, INTERVAL '1' MINUTE) AS ws, TUMBLE_END(rt, INTERVAL '1' MINUTE) AS we, k, COUNT(*) AS n, SUM(s) AS s
FROM (SELECT TUMBLE_ROWTIME(ts, INTERVAL '10' SECOND) AS rt, k, SUM(v) AS s FROM late GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), k)
GROUP BY TUMBLE(rt, INTERVAL '1' MINUTE), k;
