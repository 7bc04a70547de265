-- mode: streaming; rows that are not aggregated: late ones pass
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT ts, k, v, window_start, window_end, window_time FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '1' SECOND));
