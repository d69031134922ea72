CREATE TABLE accounts (
  id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner text NOT NULL,
  cents bigint NOT NULL CHECK (cents >= 0)
);
