-- mode: streaming; FILTER over other types
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, MAX(d) FILTER (WHERE o) AS a, MIN(da) FILTER (WHERE i > 0) AS b, SUM(x) FILTER (WHERE x < 10 AND x > -10) AS c, MAX(s) FILTER (WHERE CHAR_LENGTH(s) = 1) AS e, AVG(f) FILTER (WHERE NOT o) AS g, MIN(o) FILTER (WHERE ti > 0) AS h, SUM(ti) FILTER (WHERE ti BETWEEN -10 AND 10) AS j
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end;
