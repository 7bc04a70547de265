-- mode: streaming; sessions over keys that a view makes
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW w AS SELECT ts, CAST(v / 5 AS STRING) || COALESCE(k, '') AS kk, CAST(v AS DOUBLE) / 3 AS x, CAST(ts AS TIME) AS t, CAST(ts AS DATE) AS da FROM sessions WHERE v <> 12;

SELECT window_start, window_end, kk, MIN(t) AS t1, MAX(t) AS t2, MAX(da) AS d1, MAX(x) AS x1, COUNT(*) AS n
FROM TABLE(SESSION(TABLE w PARTITION BY kk, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, kk;
