-- mode: batch; keys from times before 1970
SET 'pipeline.auto-watermark-interval' = '0';
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, FLOOR(ts TO MINUTE) AS f, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE epoch, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, FLOOR(ts TO MINUTE);
