-- mode: streaming; MIN and MAX of TIME
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE clocks (
  ts TIMESTAMP(3), t TIME(0), z STRING, e BIGINT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/clock.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.ignore-parse-errors' = 'true');

SELECT window_start, window_end, MIN(t) AS a, MAX(t) AS b, COUNT(t) AS n
FROM TABLE(HOP(TABLE clocks, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
GROUP BY window_start, window_end;
