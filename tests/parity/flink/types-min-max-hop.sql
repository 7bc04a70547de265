-- mode: streaming; MIN and MAX of each type
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, MIN(ti) AS a, MAX(si) AS b1, MIN(i) AS c, MAX(b) AS d1, MIN(f) AS e, MAX(x) AS f1, MIN(d) AS g, MIN(da) AS h, MAX(da) AS i1, MIN(s) AS j, MAX(s) AS k1, MAX(ts) AS l
FROM TABLE(HOP(TABLE types, DESCRIPTOR(ts), INTERVAL '30' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
