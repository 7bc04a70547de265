-- mode: batch; code points, not bytes
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, UPPER(st) AS u, LOWER(st) AS l, CHAR_LENGTH(st) AS n, SUBSTRING(st, 2, 3) AS a, SUBSTRING(st FROM 2) AS b, SUBSTRING(st, -2) AS c, SUBSTRING(st, 0) AS e, st || '-' || CAST(id AS STRING) AS g, CONCAT(st, '+', st) AS h, POSITION('a' IN st) AS j, TRIM(st) AS k, TRIM(BOTH 'a' FROM st) AS m, TRIM(LEADING 'z' FROM st) AS o, st || CAST(NULL AS STRING) AS p, 'it''s' AS q, CHARACTER_LENGTH('é😀') AS r
FROM types;
