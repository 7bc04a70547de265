-- mode: batch; fields of CSV that are odd, or bad and NULL
SET 'pipeline.auto-watermark-interval' = '0';
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE odd (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, t TIME,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/odd.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.ignore-parse-errors' = 'true');

SELECT ts, s, i, x, d, o, da, t FROM odd;
