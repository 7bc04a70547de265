-- mode: streaming; windows before 1970 with functions of their bounds
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, DATE_FORMAT(window_end, 'yyyy-MM-dd HH:mm:ss.SSS') AS f, k, COUNT(*) AS n
FROM TABLE(HOP(TABLE epoch, DESCRIPTOR(ts), INTERVAL '30' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
