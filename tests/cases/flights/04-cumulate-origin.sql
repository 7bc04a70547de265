CREATE TABLE flights (
  `date` TIMESTAMP(3), delay BIGINT, distance BIGINT, origin STRING, destination STRING,
  WATERMARK FOR `date` AS `date` - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${data}/flights.arrow', 'format' = 'arrow');

-- running totals of the day, every two hours; HAVING keeps every tenth group or so, to keep the file of rows small
SELECT window_start, window_end, origin, COUNT(*) AS flights, SUM(distance) AS miles
FROM TABLE(CUMULATE(TABLE flights, DESCRIPTOR(`date`), INTERVAL '2' HOUR, INTERVAL '1' DAY))
WHERE distance > 1000 AND delay IS NOT NULL
GROUP BY window_start, window_end, origin
HAVING MOD(SUM(distance), 10) = 0;
