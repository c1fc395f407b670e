-- Rows that came back as they were keep the moment they were first known, and the run that first wrote them.
-- reads reading, before   changes reading
UPDATE reading
SET known_at = before.known_at, run_id = before.run_id
FROM (
    SELECT rowid AS row, print, row_number() OVER (PARTITION BY print ORDER BY file_id, source_row) AS copy
    FROM (
        SELECT rowid, file_id, source_row,
            print_of(key, occurred_at, kind, amount, currency, quantity, product, is_product, channel, order_id, contract, NULL) AS print
        FROM reading
        WHERE fault IS NULL AND known_at = getvariable('known_at')
    )
) AS now JOIN before USING (print, copy)
WHERE reading.rowid = now.row;
