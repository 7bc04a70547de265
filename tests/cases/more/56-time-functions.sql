-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, YEAR(ts) AS y, QUARTER(ts) AS q, MONTH(ts) AS m, WEEK(ts) AS w, DAYOFYEAR(ts) AS doy, DAYOFMONTH(da) AS dom, DAYOFWEEK(da) AS dow, HOUR(ts) AS h, MINUTE(ts) AS mi, SECOND(ts) AS s2, EXTRACT(DAY FROM ts) AS d2, EXTRACT(YEAR FROM da) AS y2, FLOOR(ts TO HOUR) AS fh, CEIL(ts TO DAY) AS cd, FLOOR(ts TO MONTH) AS fm, FLOOR(ts TO MINUTE) AS fmi, CEIL(ts TO YEAR) AS cy
FROM types WHERE ts >= TIMESTAMP '1970-01-01 00:00:00';
