-- mode: streaming; rows of windows, with expressions over the bounds
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, v, window_end - INTERVAL '5' SECOND AS m, ts < window_end - INTERVAL '5' SECOND AS early, CAST(window_start AS STRING) || '/' || COALESCE(k, '-') AS w, EXTRACT(SECOND FROM ts) - EXTRACT(SECOND FROM window_start) AS into_it
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND));
