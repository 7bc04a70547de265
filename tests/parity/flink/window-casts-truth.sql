-- mode: streaming; casts of BOOLEAN and numbers to each other in keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CAST(o AS INT) AS a, CAST(i AS BOOLEAN) AS b, CAST(o AS STRING) AS c, CAST(ti AS DOUBLE) AS e, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, CAST(o AS INT), CAST(i AS BOOLEAN), CAST(o AS STRING), CAST(ti AS DOUBLE);
