-- mode: streaming; keys from dates moved by months
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, da + INTERVAL '1' MONTH AS a, da - INTERVAL '1' YEAR AS b, ts + INTERVAL '1' MONTH AS c, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
WHERE da < DATE '9999-01-01' AND da > DATE '1600-01-01'
GROUP BY window_start, window_end, da + INTERVAL '1' MONTH, da - INTERVAL '1' YEAR, ts + INTERVAL '1' MONTH;
