-- mode: streaming; casts of times in keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CAST(ts AS DATE) AS a, CAST(ts AS TIME) AS b, CAST(ts AS STRING) AS c, CAST(da AS TIMESTAMP(3)) AS e, CAST(ts AS TIMESTAMP(0)) AS g, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE types, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, CAST(ts AS DATE), CAST(ts AS TIME), CAST(ts AS STRING), CAST(da AS TIMESTAMP(3)), CAST(ts AS TIMESTAMP(0));
