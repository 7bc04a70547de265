-- mode: batch; texts that fit a pattern, nearly fit, and do not
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'UTC';
CREATE TABLE texts (id INT, s STRING) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/texts.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.field-delimiter' = ';');

SELECT id, TO_TIMESTAMP(s) AS a, TO_TIMESTAMP(s, 'yyyy-MM-dd HH:mm:ss') AS b, TO_TIMESTAMP(s, 'yyyyMMddHHmmss') AS c, TO_TIMESTAMP(s, 'yyyy-MM-dd HH:mm:ss[.SSSSSS]') AS d, TO_TIMESTAMP(s, 'd MMM yyyy h:mm a') AS e, TO_TIMESTAMP(s, 'dd/MM/yy HH') AS f, TO_TIMESTAMP(s, 'yyyy-MM-dd''T''HH:mm:ss') AS g, TO_TIMESTAMP(s, 'EEE, dd MMM yyyy HH:mm:ss') AS h FROM texts;
