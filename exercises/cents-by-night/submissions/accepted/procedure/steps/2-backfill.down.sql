DROP INDEX payments_of_a_member;
