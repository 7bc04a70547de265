-- mode: streaming; instants from CSV against literals
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE quoted (
  ts TIMESTAMP_LTZ(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '1' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/quoted.csv', 'format' = 'csv', 'csv.null-literal' = 'none', 'csv.field-delimiter' = ';', 'csv.quote-character' = '''', 'csv.allow-comments' = 'true');

SELECT ts, CAST(ts AS STRING) AS s, CAST(ts AS TIMESTAMP(3)) AS l, k, k = '' AS nothing, EXTRACT(HOUR FROM ts) AS h
FROM quoted
WHERE CAST(ts AS TIMESTAMP(3)) >= TIMESTAMP '2024-03-10 01:59:00' AND v < 7;
