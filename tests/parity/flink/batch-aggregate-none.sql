-- mode: batch; aggregates without windows in a batch, HAVING, CASE
SET 'pipeline.auto-watermark-interval' = '0';
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, CASE WHEN COUNT(*) > 3 THEN 'many' ELSE 'few' END AS c, SUM(si) AS s, MAX(da) AS m FROM types GROUP BY k HAVING SUM(si) IS NOT NULL;
