-- Nothing to do here.
SELECT 'rolled back';
