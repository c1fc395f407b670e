-- reads repeats   writes record.repeats_kept   grain: file of a source
INSERT INTO record.repeats_kept
SELECT getvariable('source'), file_id, count(*) FILTER (in_file AND NOT set_aside) FROM repeats GROUP BY file_id;
