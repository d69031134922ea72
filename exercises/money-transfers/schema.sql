CREATE TABLE accounts (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner         text NOT NULL,
  currency      text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  balance_cents bigint NOT NULL
);

CREATE TABLE transfers (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  from_account    bigint NOT NULL REFERENCES accounts,
  to_account      bigint NOT NULL REFERENCES accounts,
  amount_cents    bigint NOT NULL,
  note            text,
  idempotency_key text UNIQUE,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
