-- mode: streaming; the time under another name
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_END(t, INTERVAL '1' MINUTE) AS e, q, MAX(v) AS m
FROM (SELECT ts AS t, k || '!' AS q, v FROM ticks WHERE k <> 'ams') AS s
GROUP BY s.q, TUMBLE(s.t, INTERVAL '1' MINUTE);
