-- mode: streaming; GREATEST, LEAST and COALESCE of mixed types in keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, GREATEST(ti, si) AS a, LEAST(x, 0.5) AS b, COALESCE(i, b) AS c, IFNULL(f, 0) AS e, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, GREATEST(ti, si), LEAST(x, 0.5), COALESCE(i, b), IFNULL(f, 0);
