-- mode: streaming; sessions over keys that a view computes, NULL among them
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW a AS SELECT ts, NULLIF(k, 'b') AS kk, v FROM late;

SELECT window_start, window_end, kk, COUNT(*) AS n, SUM(v) AS s, MIN(ts) AS m
FROM TABLE(SESSION(TABLE a PARTITION BY kk, DESCRIPTOR(ts), INTERVAL '6' SECOND))
GROUP BY window_start, window_end, kk;
