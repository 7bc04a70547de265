-- mode: streaming; a time computed of a text
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  t STRING, k STRING, v INT, ts AS TO_TIMESTAMP(t),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '20' SECOND))
GROUP BY window_start, window_end, k;
