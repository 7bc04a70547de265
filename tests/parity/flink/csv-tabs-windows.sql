-- mode: batch; CSV with tabs under windows
SET 'pipeline.auto-watermark-interval' = '0';
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE tabs (
  ts TIMESTAMP(3), s STRING, i INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/tabs.csv', 'format' = 'csv', 'csv.field-delimiter' = '	', 'csv.ignore-parse-errors' = 'true', 'csv.null-literal' = 'NULL');

SELECT window_start, window_end, s, SUM(i) AS n
FROM TABLE(TUMBLE(TABLE tabs, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, s;
