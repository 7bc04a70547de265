-- mode: streaming; a WATERMARK over a computed column with functions
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  tt TIMESTAMP(3), k STRING, v INT, ts AS COALESCE(tt, TIMESTAMP '2024-05-01 10:00:00.000') - INTERVAL '1' SECOND,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, MAX(tt) AS m
FROM TABLE(CUMULATE(TABLE late, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '20' SECOND))
GROUP BY window_start, window_end, k;
