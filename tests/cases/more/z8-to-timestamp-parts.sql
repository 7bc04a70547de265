-- mode: batch; patterns of a part of a time
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'UTC';
CREATE TABLE texts (id INT, s STRING) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/texts.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.field-delimiter' = ';');

SELECT id, TO_TIMESTAMP(s, 'HH') AS a, TO_TIMESTAMP(s, 'hh a') AS b, TO_TIMESTAMP(s, 'kk') AS c, TO_TIMESTAMP(s, 'yy-MM-dd') AS d, TO_TIMESTAMP(s, 'yyyyMMddHHmmssSSS') AS e, TO_TIMESTAMP(s, 'yyyy-M-d') AS f, TO_TIMESTAMP(s, 'yyyy-MM-dd HH:mm') AS g, TO_TIMESTAMP(s, 'd MMMM yyyy') AS h FROM texts;
