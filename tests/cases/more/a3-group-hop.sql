-- mode: streaming; any ratio; bounds in expressions and HAVING
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND) AS a,
  HOP_END(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND) + INTERVAL '1' SECOND AS b,
  HOP_ROWTIME(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND) AS c, CHAR_LENGTH(k) AS l, COUNT(*) AS n, SUM(v) AS sv
FROM ticks
GROUP BY CHAR_LENGTH(k), HOP(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND)
HAVING COUNT(*) > 1 AND HOP_START(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND) > TIMESTAMP '2024-03-09 07:00:00';
