-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, ts + INTERVAL '1' DAY AS a, ts - INTERVAL '1:30' HOUR TO MINUTE AS b, ts + INTERVAL '1' MONTH AS c, da + INTERVAL '1' DAY AS e, da - INTERVAL '1' MONTH AS g, ts + INTERVAL '1 02:03:04.005' DAY TO SECOND AS h, ts - INTERVAL '0.5' SECOND AS j, us + INTERVAL '1' SECOND AS k, ts + INTERVAL '1-2' YEAR TO MONTH AS l, ts + 2 * INTERVAL '1' DAY AS m, ts - INTERVAL -'5' SECOND AS n
FROM types;
