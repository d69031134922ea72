CREATE TABLE meters (
  id       integer PRIMARY KEY,
  serial   text NOT NULL UNIQUE,
  district text NOT NULL
);
CREATE INDEX meters_by_district ON meters (district);

CREATE TABLE readings (
  meter_id integer NOT NULL REFERENCES meters,
  taken_at timestamptz NOT NULL,
  litres   bigint NOT NULL,
  PRIMARY KEY (meter_id, taken_at)
);
