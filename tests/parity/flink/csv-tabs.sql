-- mode: batch; CSV with tabs, short and long lines
SET 'pipeline.auto-watermark-interval' = '0';
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE tabs (
  ts TIMESTAMP(3), s STRING, i INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/tabs.csv', 'format' = 'csv', 'csv.field-delimiter' = '	', 'csv.ignore-parse-errors' = 'true');

SELECT ts, s, i FROM tabs;
