-- reads new_files   writes record.files   grain: file of a source
INSERT INTO record.files SELECT * FROM new_files;
