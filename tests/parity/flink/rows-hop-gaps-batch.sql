-- mode: batch; rows of HOP with gaps between windows, in a batch
SET 'pipeline.auto-watermark-interval' = '0';
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT ts, k, window_start, window_end
FROM TABLE(HOP(TABLE late, DESCRIPTOR(ts), INTERVAL '15' SECOND, INTERVAL '5' SECOND));
