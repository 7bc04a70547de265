-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, CAST(ts AS DATE) AS a, CAST(da AS TIMESTAMP(3)) AS b, CAST(us AS TIMESTAMP(3)) AS c, CAST(ts AS TIMESTAMP(0)) AS e, CAST('2024-02-29' AS DATE) AS g, CAST('2024-02-29 01:02:03.4' AS TIMESTAMP(3)) AS h, TIMESTAMP '2024-01-31 00:00:00.123456' AS j, DATE '1969-12-31' AS k, ts > '2000-01-01 00:00:00' AS l, da <= '2000-01-01' AS m, ts = us AS n, CAST(ts AS TIMESTAMP(6)) < us AS o
FROM types WHERE ts >= TIMESTAMP '1970-01-01 00:00:00';
