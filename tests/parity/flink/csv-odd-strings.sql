-- mode: batch; quoted texts of CSV as keys
SET 'pipeline.auto-watermark-interval' = '0';
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE odd (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, t TIME,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/odd.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.ignore-parse-errors' = 'true');

SELECT window_start, window_end, s, CHAR_LENGTH(s) AS l, COUNT(*) AS n
FROM TABLE(HOP(TABLE odd, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
GROUP BY window_start, window_end, s;
