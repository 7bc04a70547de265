-- mode: batch; bad fields become NULL, short lines are filled up
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE broken (
  id INT, v INT, ts TIMESTAMP(3), x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/broken.csv', 'format' = 'csv', 'csv.ignore-parse-errors' = 'true');

SELECT id, v, ts, x FROM broken;
