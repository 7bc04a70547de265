-- mode: batch; COALESCE, GREATEST and LEAST of FLOAT and DOUBLE are DOUBLE, CASE has the type of the first
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, COALESCE(f, x / 3) AS c, IFNULL(f, x) AS i, CASE WHEN id < 100 THEN f ELSE x END AS e, COALESCE(x, f) AS d FROM types WHERE id <> 4;
