-- mode: streaming; the row time of HOP downstream
-- weir refuses this and says so.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_END(rt, INTERVAL '20' SECOND, INTERVAL '1' MINUTE) AS we, SUM(n) AS n
FROM (SELECT TUMBLE_ROWTIME(ts, INTERVAL '10' SECOND) AS rt, COUNT(*) AS n FROM late GROUP BY TUMBLE(ts, INTERVAL '10' SECOND))
GROUP BY HOP(rt, INTERVAL '20' SECOND, INTERVAL '1' MINUTE);
