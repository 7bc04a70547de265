-- mode: batch; keywords in any case, comments in every place
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

select /* a remark -- inside */ COUNT(*) as N, sum(Case When o Then 1 Else 0 End) as yes -- the rest
From types /* another
one */ wHeRe id Is Not Null;
