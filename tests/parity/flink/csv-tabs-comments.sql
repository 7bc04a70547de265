-- mode: batch; CSV with comments and NULL spelled out
SET 'pipeline.auto-watermark-interval' = '0';
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE tabs (
  ts TIMESTAMP(3), s STRING, i INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/tabs.csv', 'format' = 'csv', 'csv.field-delimiter' = '	', 'csv.ignore-parse-errors' = 'true', 'csv.allow-comments' = 'true', 'csv.null-literal' = 'NULL');

SELECT ts, s, i FROM tabs;
