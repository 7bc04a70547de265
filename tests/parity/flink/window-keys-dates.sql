-- mode: streaming; keys from dates
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, EXTRACT(YEAR FROM da) AS a, QUARTER(da) AS b, da + INTERVAL '1' DAY AS c, CAST(da AS STRING) AS e, EXTRACT(WEEK FROM da) AS g, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
WHERE da < DATE '9999-01-01' AND da > DATE '1600-01-01'
GROUP BY window_start, window_end, EXTRACT(YEAR FROM da), QUARTER(da), da + INTERVAL '1' DAY, CAST(da AS STRING), EXTRACT(WEEK FROM da);
