-- mode: streaming; instants and their texts on the wall clock
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT v, ts, CAST(ts AS STRING) AS s, CAST(ts AS TIMESTAMP(3)) AS t, CAST(ts AS DATE) AS d, HOUR(ts) AS h, FLOOR(ts TO DAY) AS f
FROM changes;
