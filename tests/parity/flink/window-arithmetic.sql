-- mode: streaming; arithmetic of aggregates of every integer type
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, SUM(ti) AS a, AVG(ti) AS b, SUM(ti) + SUM(si) AS c, AVG(si) / 2 AS d, MAX(i) % 7 AS e, -MIN(ti) AS f, SUM(ti) * 1.5 AS g, AVG(f) + 1 AS h
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
WHERE ti < 100 AND ti > -100
GROUP BY window_start, window_end;
