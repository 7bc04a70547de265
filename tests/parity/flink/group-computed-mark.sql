-- mode: streaming; a group window over a computed time where WATERMARK is an expression
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS CASE WHEN v > 10 THEN ts - INTERVAL '1' SECOND ELSE ts - INTERVAL '20' SECOND END
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts + INTERVAL '1' SECOND, INTERVAL '8' SECOND) AS s, SESSION_END(ts + INTERVAL '1' SECOND, INTERVAL '8' SECOND) AS e, k, COUNT(*) AS n
FROM late
GROUP BY SESSION(ts + INTERVAL '1' SECOND, INTERVAL '8' SECOND), k;
