-- mode: streaming; rows that come just before a window with an offset closes
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE held (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/held.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(CUMULATE(TABLE held, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '20' SECOND, INTERVAL '2' SECOND))
GROUP BY window_start, window_end, k;
