-- mode: streaming; SESSION_START in expressions
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT CAST(SESSION_START(ts, INTERVAL '10' SECOND) AS STRING) AS a, FLOOR(SESSION_END(ts, INTERVAL '10' SECOND) TO MINUTE) AS b, SESSION_ROWTIME(ts, INTERVAL '10' SECOND) - INTERVAL '10' SECOND AS c, UPPER(k) AS uk, MIN(u) AS mu, MAX(ts) AS mt
FROM sessions
GROUP BY SESSION(ts, INTERVAL '10' SECOND), UPPER(k)
HAVING SESSION_END(ts, INTERVAL '10' SECOND) < TIMESTAMP '2024-05-01 12:02:20';
