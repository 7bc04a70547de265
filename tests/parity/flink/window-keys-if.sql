-- mode: streaming; IF and NULLIF of mixed types in keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, IF(o, ti, i) AS a, NULLIF(ti, 3) AS b, IF(x > 0, 'plus', CAST(NULL AS STRING)) AS c, NULLIF(k, 'a') || 'z' AS e, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, IF(o, ti, i), NULLIF(ti, 3), IF(x > 0, 'plus', CAST(NULL AS STRING)), NULLIF(k, 'a') || 'z';
