with nights as (
  select r.id, r.name, d.night,
         exists (
           select 1 from bookings b
           where b.room_id = r.id and d.night between b.arrival and b.departure - 1
             and b.status <> 'cancelled' and not (b.status = 'held' and b.lapsed is true)
         ) as taken
  from rooms r, (select date '2027-06-01' + n as night from generate_series(0, 29) n) d
  where r.closed_on is null or d.night < r.closed_on
),
islands as (
  select *, count(*) filter (where taken) over (partition by id order by night) as island from nights
)
select name as "ROOM", min(night) as first_night, max(night) as last_night, count(*) as nights
from islands
where not taken
group by id, name, island
order by count(*) desc, name, min(night)
