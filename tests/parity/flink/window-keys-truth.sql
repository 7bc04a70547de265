-- mode: streaming; keys of three-valued logic
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, o AND x > 0 AS a, o OR i > 5 AS b, NOT o AS c, o IS NOT FALSE AS e, (i = 7) = o AS g, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, o AND x > 0, o OR i > 5, NOT o, o IS NOT FALSE, (i = 7) = o;
