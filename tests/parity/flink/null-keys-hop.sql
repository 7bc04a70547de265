-- mode: streaming; keys that are NULL by NULLIF in HOP
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, NULLIF(k, 'a') AS a, NULLIF(v, 7) IS NULL AS b, COUNT(*) AS n, COUNT(NULLIF(k, 'b')) AS m
FROM TABLE(HOP(TABLE late, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
GROUP BY window_start, window_end, NULLIF(k, 'a'), NULLIF(v, 7) IS NULL;
