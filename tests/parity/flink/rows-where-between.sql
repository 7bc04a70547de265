-- mode: streaming; rows of windows between bounds, IN over bounds
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT ts, k, window_start, window_end
FROM TABLE(HOP(TABLE late, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
WHERE ts BETWEEN window_start + INTERVAL '2' SECOND AND window_end - INTERVAL '5' SECOND AND EXTRACT(SECOND FROM window_start) IN (0, 5, 10);
