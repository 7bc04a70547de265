-- mode: streaming; the older window over a computed time
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE instants (d AS v * 2 + 1, ms BIGINT, k STRING, e AS CONCAT(k, '!'), v INT, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/clock-changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '1' HOUR) AS ws, TUMBLE_END(ts, INTERVAL '1' HOUR) AS we, TUMBLE_ROWTIME(ts, INTERVAL '1' HOUR) AS wr, k, SUM(d) AS s FROM instants GROUP BY TUMBLE(ts, INTERVAL '1' HOUR), k;
