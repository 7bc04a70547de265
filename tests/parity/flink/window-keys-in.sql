-- mode: streaming; keys from IN, BETWEEN and IS DISTINCT FROM
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, i IN (7, 100, -8) AS a, k NOT IN ('a', 'b') AS b, i BETWEEN SYMMETRIC 100 AND -10 AS c, k IS DISTINCT FROM 'a' AS e, si IS NOT DISTINCT FROM ti AS g, COUNT(*) AS n
FROM TABLE(HOP(TABLE types, DESCRIPTOR(ts), INTERVAL '30' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, i IN (7, 100, -8), k NOT IN ('a', 'b'), i BETWEEN SYMMETRIC 100 AND -10, k IS DISTINCT FROM 'a', si IS NOT DISTINCT FROM ti;
