-- mode: streaming; CASE in CASE, COALESCE in COALESCE
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CASE WHEN k = 'a' THEN CASE WHEN SUM(v) > 10 THEN 'big a' ELSE 'small a' END ELSE COALESCE(NULLIF(COALESCE(k, '-'), 'b'), 'was b') END AS c
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k;
