-- mode: streaming; keys from division and remainder of integers below zero
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, i / 3 AS a, i % 3 AS b, MOD(b, 4) AS c, -ti AS e, ABS(si) AS g, SIGN(b) AS h, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
WHERE i > -2147483648 AND b > -9223372036854775808 AND ti > -128 AND si > -32768
GROUP BY window_start, window_end, i / 3, i % 3, MOD(b, 4), -ti, ABS(si), SIGN(b);
