-- mode: streaming; FILTER and COUNT(DISTINCT)
-- weir refuses this and says so.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) FILTER (WHERE v > 5) AS n, COUNT(DISTINCT k) AS nk, SUM(v) FILTER (WHERE MOD(v, 2) = 0) AS sv
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '30' SECOND))
GROUP BY window_start, window_end;
