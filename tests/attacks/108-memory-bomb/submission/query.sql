WITH much AS MATERIALIZED (
  SELECT set_config('work_mem', '1TB', false), set_config('hash_mem_multiplier', '1000', false), set_config('temp_buffers', '1GB', false)
)
SELECT string_agg(repeat(md5(number::text), 4000), '') AS name, count(DISTINCT repeat(md5(number::text), 4000))::integer AS nights
FROM much, generate_series(1, 100000) AS number
GROUP BY number % 7
