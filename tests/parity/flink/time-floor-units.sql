-- mode: streaming; FLOOR and CEIL of times to every unit in keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, FLOOR(ts TO HOUR) AS a, CEIL(ts TO MINUTE) AS b, FLOOR(ts TO WEEK) AS c, FLOOR(ts TO MONTH) AS d, CEIL(ts TO QUARTER) AS e, FLOOR(ts TO YEAR) AS f, CEIL(ts TO DAY) AS g, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, FLOOR(ts TO HOUR), CEIL(ts TO MINUTE), FLOOR(ts TO WEEK), FLOOR(ts TO MONTH), CEIL(ts TO QUARTER), FLOOR(ts TO YEAR), CEIL(ts TO DAY);
