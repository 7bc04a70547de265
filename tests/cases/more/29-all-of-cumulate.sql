-- mode: batch; each row once a window
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT * FROM TABLE(CUMULATE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '15' MINUTE, INTERVAL '1' HOUR)) WHERE x > 45;
