-- Marks the rows that repeats sets aside.
-- reads repeats   changes reading
UPDATE reading SET set_aside = true, refused = true FROM repeats WHERE reading.rowid = repeats.row AND repeats.set_aside;
