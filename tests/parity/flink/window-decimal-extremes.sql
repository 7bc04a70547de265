-- mode: streaming; MIN and MAX of decimals in arithmetic
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, MAX(d) * 2 AS a, MIN(d) / 3 AS b, MAX(d) + 0.125 AS c, MAX(d) - MIN(d) AS e, ROUND(MAX(d), 1) AS g, CAST(MAX(d) AS INT) AS h
FROM TABLE(CUMULATE(TABLE types, DESCRIPTOR(ts), INTERVAL '30' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end;
