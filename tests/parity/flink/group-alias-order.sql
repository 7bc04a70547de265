-- mode: streaming; older windows in two views with HAVING above
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW g AS SELECT HOP_START(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND) AS s, HOP_ROWTIME(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND) AS r, k, SUM(v) AS v FROM late GROUP BY HOP(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND), k;

SELECT s, r, UPPER(k) AS k, v FROM g WHERE v > 4 AND EXTRACT(SECOND FROM r) > 10;
