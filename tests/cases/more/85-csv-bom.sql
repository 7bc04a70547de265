-- mode: batch; a byte-order mark, and a last line without an end
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE bom (
  id INT, st STRING
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/bom.csv', 'format' = 'csv');

SELECT * FROM bom;
