-- mode: streaming; rows of windows chosen by bounds as texts
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, v, CAST(window_start AS STRING) AS s
FROM TABLE(CUMULATE(TABLE late, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '20' SECOND))
WHERE CAST(window_end AS STRING) LIKE '%00:20%' OR k || CAST(window_start AS STRING) LIKE 'c%02:%';
