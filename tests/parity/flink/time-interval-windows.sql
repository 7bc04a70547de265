-- mode: streaming; windows of intervals of several units
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(HOP(TABLE late, DESCRIPTOR(ts), INTERVAL '0:15' MINUTE TO SECOND, INTERVAL '1:30' MINUTE TO SECOND))
GROUP BY window_start, window_end;
