-- mode: streaming; expressions inside and around aggregates
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, COUNT(*) + 1 AS n1, SUM(v * 2 - 1) AS s, SUM(CASE WHEN v > 100 THEN 1 ELSE 0 END) AS big, COUNT(CASE WHEN k = 'ams' THEN 1 END) AS ams, MAX(ABS(v)) AS ma, MIN(CHAR_LENGTH(k)) AS ml, AVG(CAST(v AS DOUBLE)) AS av, SUM(v) / COUNT(v) AS q, SUM(x) / COUNT(*) AS qx, MAX(v) - MIN(v) AS spread, COALESCE(SUM(v), -1) AS c
FROM TABLE(TUMBLE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '2' MINUTE))
GROUP BY window_start, window_end, k;
