-- mode: streaming; FLOOR of dates in keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, FLOOR(da TO MONTH) AS a, FLOOR(da TO YEAR) AS b, CEIL(da TO MONTH) AS c, EXTRACT(DOY FROM da) AS d, EXTRACT(DOW FROM da) AS e, EXTRACT(ISODOW FROM da) AS f, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
WHERE da > DATE '1900-01-01' AND da < DATE '9000-01-01'
GROUP BY window_start, window_end, FLOOR(da TO MONTH), FLOOR(da TO YEAR), CEIL(da TO MONTH), EXTRACT(DOY FROM da), EXTRACT(DOW FROM da), EXTRACT(ISODOW FROM da);
