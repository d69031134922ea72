ALTER TABLE payments DROP CONSTRAINT payments_of_members;
INSERT INTO payments OVERRIDING SYSTEM VALUE TABLE stray_payments;
DROP TABLE stray_payments;
