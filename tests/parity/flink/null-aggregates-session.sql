-- mode: streaming; aggregates of NULL alone in sessions
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(v) AS n, SUM(v) AS s, AVG(v) AS a, MIN(NULLIF(v, v)) AS m, COUNT(CASE WHEN v > 9 THEN 1 END) AS c
FROM TABLE(SESSION(TABLE late PARTITION BY k, DESCRIPTOR(ts), INTERVAL '6' SECOND))
GROUP BY window_start, window_end, k;
