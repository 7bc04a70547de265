-- mode: batch; MIN and MAX of every ordered type
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT o, MIN(t) AS t0, MAX(t) AS t1, MIN(s) AS s0, MAX(s) AS s1, MIN(i) AS i0, MAX(i) AS i1, MIN(b) AS b0, MAX(b) AS b1, MIN(d) AS d0, MAX(d) AS d1, MIN(st) AS st0, MAX(st) AS st1, MIN(da) AS da0, MAX(da) AS da1, MIN(ts) AS ts0, MAX(ts) AS ts1, MIN(us) AS us0, MAX(us) AS us1
FROM types GROUP BY o;
