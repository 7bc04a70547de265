-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, YEAR(ts) AS y, MONTH(ts) AS m, YEAR(da) AS yd, DAYOFMONTH(da) AS dd, DAYOFWEEK(da) AS dw, WEEK(da) AS wd, DAYOFYEAR(da) AS dy, FLOOR(ts TO HOUR) AS fh, CEIL(ts TO DAY) AS cd, FLOOR(ts TO MONTH) AS fm, CEIL(ts TO YEAR) AS cy, ts + INTERVAL '1' MONTH AS a, ts - INTERVAL '0.5' SECOND AS b, CAST(ts AS STRING) AS c, CAST(us AS TIMESTAMP(3)) AS e, us > '1969-12-31 12:00:00' AS g
FROM types WHERE ts < TIMESTAMP '1970-01-01 00:00:00' OR us < TIMESTAMP '1970-01-01 00:00:00';
