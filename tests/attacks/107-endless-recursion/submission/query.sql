WITH RECURSIVE off AS MATERIALIZED (
  SELECT set_config('statement_timeout', '0', false), set_config('work_mem', '64kB', false)
), forever (name, nights) AS (
  SELECT 'a', 0 FROM off
  UNION ALL
  SELECT name, (nights + 1) % 1000 FROM forever
)
SELECT name, sum(nights)::integer AS nights FROM forever GROUP BY name
