-- The columns of typed records of people. record.people is a view over one such table a source.
-- writes record.empty_people   grain: none
CREATE OR REPLACE TABLE record.empty_people (
    file_id INTEGER, source_row BIGINT, key VARCHAR, name VARCHAR, given_name VARCHAR, family_name VARCHAR,
    birth_date DATE, street VARCHAR, city VARCHAR, postcode VARCHAR, country VARCHAR, email VARCHAR, phone VARCHAR,
    household VARCHAR, company VARCHAR, updated_at TIMESTAMP, extra people_extra, known_at TIMESTAMP, fault fault,
    set_aside BOOLEAN
);
