BEGIN;
CREATE TABLE stray_payments (LIKE payments INCLUDING INDEXES);
INSERT INTO stray_payments SELECT p.* FROM payments AS p LEFT JOIN members AS m ON m.id = p.member_id WHERE m.id IS NULL;
DELETE FROM payments USING stray_payments WHERE stray_payments.id = payments.id;
ALTER TABLE payments ADD CONSTRAINT payments_of_members FOREIGN KEY (member_id) REFERENCES members (id) NOT VALID;
ALTER TABLE payments VALIDATE CONSTRAINT payments_of_members;
COMMIT;
