-- mode: streaming; sixty windows a row
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n, MIN(v) AS minv, MAX(v) AS maxv
FROM TABLE(HOP(TABLE late, DESCRIPTOR(ts), INTERVAL '1' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end;
