-- mode: streaming; a group window over a view over a view
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW a AS SELECT ts, k, v FROM late WHERE v <> 3;
CREATE TEMPORARY VIEW b AS SELECT ts AS t, UPPER(k) AS kk, v FROM a;

SELECT TUMBLE_START(t, INTERVAL '10' SECOND) AS ws, kk, SUM(v) AS s
FROM b
GROUP BY TUMBLE(t, INTERVAL '10' SECOND), kk
HAVING SUM(v) IS NOT NULL;
