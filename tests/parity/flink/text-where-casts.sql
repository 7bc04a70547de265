-- mode: streaming; WHERE over casts of texts
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT s, i FROM texts WHERE TRY_CAST(s AS DOUBLE) < 0 OR TRY_CAST(s AS INT) IS NOT NULL OR UPPER(s) LIKE '%STRASSE%';
