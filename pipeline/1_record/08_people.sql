-- Records of people as they were read; fault says why one cannot be used.
-- writes record.people   grain: one row read
CREATE TABLE IF NOT EXISTS record.people (
    source VARCHAR, file_id INTEGER, source_row BIGINT, key VARCHAR, name VARCHAR, given_name VARCHAR, family_name VARCHAR,
    birth_date DATE, street VARCHAR, city VARCHAR, postcode VARCHAR, country VARCHAR, email VARCHAR, phone VARCHAR,
    household VARCHAR, company VARCHAR, updated_at TIMESTAMP, extra people_extra, known_at TIMESTAMP, fault fault,
    set_aside BOOLEAN
);
