-- mode: streaming; HOP_ROWTIME of instants in casts
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE instants (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/skipped.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT CAST(HOP_ROWTIME(ts, INTERVAL '30' MINUTE, INTERVAL '1' HOUR) AS STRING) AS a, CAST(HOP_ROWTIME(ts, INTERVAL '30' MINUTE, INTERVAL '1' HOUR) AS TIMESTAMP(3)) AS b, CAST(HOP_START(ts, INTERVAL '30' MINUTE, INTERVAL '1' HOUR) AS STRING) AS c, DATE_FORMAT(HOP_END(ts, INTERVAL '30' MINUTE, INTERVAL '1' HOUR), 'HH:mm') AS d, k, COUNT(*) AS n
FROM instants
GROUP BY HOP(ts, INTERVAL '30' MINUTE, INTERVAL '1' HOUR), k;
