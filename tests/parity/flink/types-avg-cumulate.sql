-- mode: streaming; AVG of each type
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, AVG(ti) AS a, AVG(si) AS b1, AVG(i) AS c, AVG(f) AS e, AVG(x) AS f1
FROM TABLE(CUMULATE(TABLE types, DESCRIPTOR(ts), INTERVAL '30' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
