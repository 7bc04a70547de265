-- mode: batch; CONVERT_TZ
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'UTC';
CREATE TABLE texts (id INT, s STRING) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/texts.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.field-delimiter' = ';');

SELECT id, CONVERT_TZ(s, 'UTC', 'Asia/Kolkata') AS a, CONVERT_TZ(s, 'America/New_York', 'Europe/Berlin') AS b, CONVERT_TZ(s, 'Europe/Berlin', 'UTC') AS c, CONVERT_TZ(s, 'GMT+08:00', 'Pacific/Apia') AS d FROM texts WHERE id NOT IN (33, 34, 35);
