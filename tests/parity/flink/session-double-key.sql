-- mode: streaming; sessions of doubles and truth
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, o, COUNT(*) AS n, SUM(si) AS s
FROM TABLE(SESSION(TABLE types PARTITION BY o, DESCRIPTOR(ts), INTERVAL '20' SECOND))
WHERE si < 32767 AND si > -32768
GROUP BY window_start, window_end, o;
