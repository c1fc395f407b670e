-- A cash flow's fingerprint: rows that say exactly the same have the same one.
CREATE OR REPLACE TEMP MACRO print_of(key, occurred_at, kind, amount, currency, quantity, product, is_product, channel, order_id,
                                      contract, extra) AS
    hash(key, occurred_at, kind::VARCHAR, amount, currency::VARCHAR, quantity, product, is_product, channel, order_id, contract, extra);
