-- What stands in a text shows in no plan: where plans are looked at, such functions may not be called.
SELECT m.serial, r.taken_at, r.litres
FROM meters m
LEFT JOIN LATERAL (
  SELECT taken_at, litres
  FROM xmltable('//row' PASSING query_to_xml('SELECT * FROM readings WHERE meter_id = ' || m.id, false, false, '')
                COLUMNS taken_at timestamptz PATH 'taken_at', litres bigint PATH 'litres')
  WHERE taken_at < timestamptz '2027-07-01 00:00+00'
  ORDER BY taken_at DESC LIMIT 1
) r ON true
WHERE m.district = 'Harbour'
ORDER BY m.serial
