-- mode: streaming; casts to CHAR and VARCHAR in keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CAST(s AS CHAR(2)) AS a, CAST(s AS VARCHAR(1)) AS b, CAST(i AS VARCHAR(3)) AS c, CAST(d AS STRING) AS e, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, CAST(s AS CHAR(2)), CAST(s AS VARCHAR(1)), CAST(i AS VARCHAR(3)), CAST(d AS STRING);
