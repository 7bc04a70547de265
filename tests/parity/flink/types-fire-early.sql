-- mode: streaming; early results over each type
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE) AS ws, TUMBLE_END(ts, INTERVAL '1' MINUTE) AS we, k, SUM(si) AS a, MAX(d) AS b1, MIN(da) AS c, MAX(s) AS d1, MIN(x) AS e, COUNT(f) AS f1
FROM types
GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE), k;
