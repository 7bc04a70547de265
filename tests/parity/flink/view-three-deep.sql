-- mode: streaming; views in views over windows
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW a AS SELECT ts, COALESCE(k, 'none') AS k, v * 2 AS w FROM late WHERE v IS NOT NULL;
CREATE TEMPORARY VIEW b AS SELECT ts, UPPER(k) AS kk, w + 1 AS w FROM a WHERE w > 4;
CREATE TEMPORARY VIEW c AS SELECT window_start AS ws, window_end AS we, kk, SUM(w) AS s, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE b, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, kk;

SELECT ws, kk, s + n AS t, CASE WHEN s > 40 THEN 'much' ELSE 'few' END AS c FROM c WHERE s <> 17 AND kk <> 'NONE';
