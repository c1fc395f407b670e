/* The edited statement is run by DuckDB: it must give the user's rows and columns, and say rightly where they are from. */
#include "check.h"
#include "scan.h"
#include "store.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const raw_for[] = {"occurred_at", "amount", "quantity"};

static ptn_store *store;
static char folder[64];
static const char *start; /* where relative names start; NULL: the search path decides */

static void close_lab(void)
{
    char command[128];
    ptn_store_close(store);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        fprintf(stderr, "%s is left over\n", folder);
}

static void run(const char *sql)
{
    ptn_problem problem = {0};
    if (ptn_store_run(store, sql, &problem) != PATRON_OK)
        fail_msg("%s: %s", sql, problem.why);
}

/* Small files, made once for all cases. */
static void open_lab(void)
{
    if (store)
        return;
    ptn_problem problem = {0};
    snprintf(folder, sizeof folder, "/tmp/patron_scan_XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    const ptn_store_options options = {.file_search_path = folder};
    CHECK_EQ_INT(ptn_store_open(&store, &options, &problem), PATRON_OK);
    atexit(close_lab);
    char command[256];
    snprintf(command, sizeof command, "mkdir '%s/many'", folder);
    CHECK_EQ_INT(system(command), 0);
    static const struct {
        const char *name, *select;
    } files[] = {
        {"orders.csv", "SELECT i AS id, 'c' || i % 3 AS customer, i * 1.5 AS price, i AS qty, "
                       "strftime(DATE '2020-01-01' + i::INT, 'on %d.%m.%Y') AS day FROM range(1, 6) t(i)"},
        {"orders.parquet",
         "SELECT i AS id, 'p' || i % 3 AS customer, i * 2.5 AS price, i AS qty FROM range(1, 5) t(i)"},
        {"orders.json", "SELECT i AS id, 'j' || i % 3 AS customer FROM range(1, 4) t(i)"},
        {"names.csv", "SELECT 'c' || i AS customer, 'Name ' || i AS name FROM range(0, 2) t(i)"},
        {"many/a.csv", "SELECT i AS id FROM range(1, 4) t(i)"},
        {"many/b.csv", "SELECT i AS id FROM range(10, 15) t(i)"},
        {"many/c.csv", "SELECT i AS id FROM range(20, 22) t(i)"},
        {"many/a.parquet", "SELECT i AS id FROM range(1, 4) t(i)"},
        {"many/b.parquet", "SELECT i AS id FROM range(10, 15) t(i)"},
        {"it''s a file.v2.csv", "SELECT i AS id FROM range(1, 3) t(i)"},
        {"clash.csv", "SELECT i AS id, 'mine' AS filename FROM range(1, 3) t(i)"},
        {"clash.parquet", "SELECT i AS id, 'mine' AS filename, 7 AS file_index FROM range(1, 3) t(i)"},
        {"rownum.parquet", "SELECT i AS id, 7 AS file_row_number FROM range(1, 3) t(i)"},
        /* the sniffer reads 20480 rows: it takes day for a DATE */
        {"late.csv", "SELECT i AS id, CASE i WHEN 25000 THEN '2020-02-31' ELSE '2020-01-02' END AS day, "
                     "i % 10 AS price FROM range(1, 30001) t(i)"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        ptn_text sql = {0};
        ptn_text_addf(&sql, "COPY (%s) TO '%s/%s'", files[i].select, folder, files[i].name);
        run(ptn_text_str(&sql));
        ptn_text_free(&sql);
    }
    run("CREATE TABLE customers AS SELECT 'c' || i AS customer FROM range(3) t(i)");
}

static patron_status scan_sql(const char *sql, ptn_scan_mode mode, ptn_scan *scan, ptn_problem *problem)
{
    open_lab();
    ptn_text ask = {0};
    char *json = NULL;
    ptn_text_add(&ask, "SELECT json_serialize_sql(");
    ptn_text_add_literal(&ask, sql);
    ptn_text_add(&ask, ", skip_null := true, skip_default := true)::VARCHAR");
    CHECK_EQ_INT(ptn_store_text(store, ptn_text_str(&ask), &json, problem), PATRON_OK);
    const ptn_scan_source source = {
        .path = "sources/a.sql", .sql = sql, .folder = start, .raw_for = raw_for, .raw_for_count = 3};
    const patron_status status = ptn_scan_edit(json, mode, &source, scan, problem);
    ptn_text_free(&ask);
    free(json);
    return status;
}

/* The edited statement as SQL; free it. */
static char *edited(const char *sql, ptn_scan_mode mode, ptn_scan *scan)
{
    ptn_problem problem = {0};
    if (scan_sql(sql, mode, scan, &problem) != PATRON_OK)
        fail_msg("%s: %s: %s", sql, problem.what, problem.why);
    ptn_text ask = {0};
    char *out = NULL;
    ptn_text_add(&ask, "SELECT json_deserialize_sql(");
    ptn_text_add_literal(&ask, scan->statement_json);
    ptn_text_add(&ask, ")");
    if (ptn_store_text(store, ptn_text_str(&ask), &out, &problem) != PATRON_OK)
        fail_msg("%s: %s", sql, problem.why);
    ptn_text_free(&ask);
    return out;
}

/* One text for a whole result: rows by "|", columns by ",". */
static char *result_of(const char *select, const char *columns)
{
    ptn_problem problem = {0};
    ptn_text ask = {0};
    char *out = NULL;
    ptn_text_addf(&ask, "SELECT string_agg(line, '|') FROM (SELECT concat_ws(',', %s) AS line FROM (%s))",
                  columns, select);
    if (ptn_store_text(store, ptn_text_str(&ask), &out, &problem) != PATRON_OK)
        fail_msg("%s: %s", select, problem.why);
    ptn_text_free(&ask);
    return out;
}

/* The statement keeps its rows and columns, and each row tells file:row, file by its last part. */
static void check_origin_columns(const char *sql, const char *columns, const char *expected)
{
    ptn_scan scan = {0};
    char *told = edited(sql, PTN_SCAN_ORIGIN, &scan);
    if (!scan.has_origin)
        fail_msg("no origin: %s", sql);
    ptn_problem problem = {0};
    ptn_text check = {0};
    int64_t different = -1;
    ptn_text_addf(
        &check, "SELECT count(*) FROM ((FROM (%s) EXCEPT ALL SELECT * EXCLUDE (patron_file, patron_row", sql);
    for (unsigned i = 0; i < scan.raw_count; i++)
        ptn_text_addf(&check, ", patron_raw_%s", scan.raws[i]);
    ptn_text_addf(&check, ") FROM (%s)) UNION ALL (SELECT * EXCLUDE (patron_file, patron_row", told);
    for (unsigned i = 0; i < scan.raw_count; i++)
        ptn_text_addf(&check, ", patron_raw_%s", scan.raws[i]);
    ptn_text_addf(&check, ") FROM (%s) EXCEPT ALL FROM (%s)))", told, sql);
    if (ptn_store_int(store, ptn_text_str(&check), &different, &problem) != PATRON_OK)
        fail_msg("%s\n%s: %s", sql, told, problem.why);
    CHECK_EQ_INT(different, 0);
    ptn_text_clear(&check);
    ptn_text_addf(&check, "%s, regexp_extract(patron_file, '[^/]*$') || ':' || patron_row", columns);
    char *result = result_of(told, ptn_text_str(&check));
    if (strcmp(result, expected) != 0)
        fail_msg("%s\n%s\n    is       %s\n    expected %s", sql, told, result, expected);
    ptn_text_free(&check);
    ptn_scan_free(&scan);
    free(result);
    free(told);
}

static void check_origin(const char *sql, const char *expected)
{
    check_origin_columns(sql, "NULL", expected);
}

static void check_no_origin(const char *sql)
{
    ptn_scan scan = {0}, plain = {0};
    char *told = edited(sql, PTN_SCAN_ORIGIN, &scan);
    char *same = edited(sql, PTN_SCAN_PLAIN, &plain);
    if (scan.has_origin)
        fail_msg("has origin: %s\n%s", sql, told);
    CHECK_STR(told, same);
    CHECK_EQ_INT(scan.raw_count, 0);
    ptn_scan_free(&scan);
    ptn_scan_free(&plain);
    free(told);
    free(same);
}

TEST(a_file_tells_its_rows)
{
    check_origin("SELECT id FROM 'orders.csv'",
                 "orders.csv:1|orders.csv:2|orders.csv:3|orders.csv:4|orders.csv:5");
    check_origin("SELECT * FROM 'orders.parquet'",
                 "orders.parquet:1|orders.parquet:2|orders.parquet:3|orders.parquet:4");
    check_origin("FROM 'orders.json'", "orders.json:1|orders.json:2|orders.json:3");
    check_origin("FROM 'orders.csv' SELECT id LIMIT 1", "orders.csv:1");
    check_origin("SELECT id FROM read_csv('orders.csv', delim = ',', header := true) LIMIT 1",
                 "orders.csv:1");
    check_origin("SELECT id FROM read_parquet('orders.parquet') LIMIT 1", "orders.parquet:1");
    check_origin("SELECT id FROM read_json_auto(['orders.json']) LIMIT 1", "orders.json:1");
}

TEST(rows_keep_their_number_when_others_are_filtered_out)
{
    check_origin("SELECT id FROM 'orders.csv' WHERE id IN (2, 5)", "orders.csv:2|orders.csv:5");
    check_origin("SELECT id FROM 'orders.parquet' WHERE id >= 3", "orders.parquet:3|orders.parquet:4");
    check_origin("SELECT id FROM 'orders.csv' ORDER BY id DESC LIMIT 2", "orders.csv:5|orders.csv:4");
    check_origin("SELECT customer FROM 'orders.csv' QUALIFY row_number() OVER (PARTITION BY customer ORDER "
                 "BY id DESC) = 1 "
                 "ORDER BY id",
                 "orders.csv:3|orders.csv:4|orders.csv:5");
}

TEST(rows_of_several_files_are_counted_in_each)
{
    check_origin("SELECT id FROM 'many/*.csv'",
                 "a.csv:1|a.csv:2|a.csv:3|b.csv:1|b.csv:2|b.csv:3|b.csv:4|b.csv:5|c.csv:1|c.csv:2");
    check_origin("FROM 'many/*.csv' WHERE id IN (2, 14, 21)", "a.csv:2|b.csv:5|c.csv:2");
    check_origin("FROM read_csv(['many/b.csv', 'many/a.csv']) WHERE id IN (11, 3)", "b.csv:2|a.csv:3");
    check_origin("FROM 'many/*.parquet' WHERE id IN (2, 14)", "a.parquet:2|b.parquet:5");
}

TEST(names_still_bind)
{
    check_origin("SELECT o.id, o.* FROM 'orders.csv' AS o LIMIT 1", "orders.csv:1");
    check_origin("SELECT orders.id FROM 'orders.csv' LIMIT 1", "orders.csv:1");
    check_origin("SELECT orders.id FROM 'orders.parquet' LIMIT 1", "orders.parquet:1");
    check_origin("SELECT read_csv.id FROM read_csv('orders.csv') LIMIT 1", "orders.csv:1");
    check_origin("SELECT \"many/*.csv\".id FROM 'many/*.csv' LIMIT 1", "a.csv:1");
    check_origin("SELECT a, t.b FROM 'orders.csv' t(a, b) LIMIT 1", "orders.csv:1");
    check_origin("SELECT \"it's a file\".id FROM 'it''s a file.v2.csv' LIMIT 1", "it's a file.v2.csv:1");
    check_origin("SELECT * EXCLUDE (id) REPLACE (price + 1 AS price) FROM 'orders.csv' LIMIT 1",
                 "orders.csv:1");
}

TEST(columns_of_the_file_that_are_called_as_ours)
{
    check_origin("FROM 'clash.csv' LIMIT 1", "clash.csv:1");
    check_origin("FROM 'clash.parquet' LIMIT 1", "clash.parquet:1");
    check_origin("SELECT *, filename FROM 'many/*.csv' WHERE id > 13", "b.csv:5|c.csv:1|c.csv:2");
    check_origin("SELECT * FROM read_csv('many/*.csv', filename = true) WHERE id > 13",
                 "b.csv:5|c.csv:1|c.csv:2");
    check_origin("SELECT *, filename FROM read_csv('many/*.csv', filename = true) WHERE id > 13",
                 "b.csv:5|c.csv:1|c.csv:2");
    check_origin("SELECT * FROM read_csv('many/*.csv', filename = 'src') WHERE id > 13",
                 "b.csv:5|c.csv:1|c.csv:2");
    check_origin("SELECT * FROM read_csv('many/*.csv', filename = false) WHERE id > 13",
                 "b.csv:5|c.csv:1|c.csv:2");
    check_origin("SELECT * FROM read_parquet('orders.parquet', file_row_number = true) LIMIT 1",
                 "orders.parquet:1");

    /* A file that says file_row_number itself: the edited statement must not bind, rather than lie. */
    static const char *const clashes[] = {"FROM 'rownum.parquet'", "SELECT *, filename FROM 'clash.csv'"};
    for (size_t i = 0; i < 2; i++) {
        ptn_scan scan = {0};
        ptn_problem problem = {0};
        char *told = edited(clashes[i], PTN_SCAN_ORIGIN, &scan);
        CHECK(ptn_store_run(store, told, &problem) != PATRON_OK);
        ptn_scan_free(&scan);
        free(told);
    }
}

TEST(origin_passes_through_subqueries_and_ctes)
{
    check_origin("SELECT x FROM (SELECT id + 1 AS x FROM 'orders.csv' WHERE id > 3)",
                 "orders.csv:4|orders.csv:5");
    check_origin("SELECT s.* FROM (SELECT id + 1 AS x FROM 'orders.csv') s WHERE x > 5", "orders.csv:5");
    check_origin("SELECT v FROM (SELECT id, qty FROM 'orders.csv') s(u, v) LIMIT 1", "orders.csv:1");
    check_origin("WITH c AS (SELECT * FROM 'orders.csv') SELECT x.id FROM c AS x WHERE id = 4",
                 "orders.csv:4");
    check_origin("WITH c(a, b) AS (FROM 'orders.csv'), d AS (SELECT a FROM c) SELECT * FROM d WHERE a = 4",
                 "orders.csv:4");
    check_origin("WITH c AS (FROM 'names.csv') FROM 'orders.csv' o JOIN c USING (customer) WHERE id = 4",
                 "orders.csv:4");
    check_no_origin("WITH c AS (SELECT * FROM 'orders.csv') SELECT a.id FROM c a JOIN c b USING (id)");
    check_no_origin("WITH RECURSIVE c AS (SELECT id FROM 'orders.csv' UNION ALL SELECT id + 1 FROM c WHERE "
                    "id < 3) FROM c");
}

static void check_file_by_file(const char *sql, bool expected)
{
    ptn_scan scan = {0};
    char *told = edited(sql, PTN_SCAN_ORIGIN, &scan);
    if (scan.file_by_file != expected)
        fail_msg("%s: %s", expected ? "not file by file" : "file by file", sql);
    ptn_scan_free(&scan);
    free(told);
}

TEST(rows_that_depend_on_others_are_not_read_file_by_file)
{
    check_file_by_file("FROM 'many/*.csv'", true);
    check_file_by_file("SELECT id + 1 AS id FROM 'many/*.csv' WHERE qty > 1 ORDER BY id", true);
    check_file_by_file("SELECT id FROM 'orders.csv' UNION ALL SELECT id FROM 'many/*.csv'", true);
    check_file_by_file("WITH c AS (SELECT * FROM 'orders.csv') SELECT id FROM c WHERE id > 2", true);
    check_file_by_file("SELECT id, u FROM 'orders.csv', unnest([id, qty]) t(u)", true);
    check_file_by_file("FROM 'orders.csv' JOIN (VALUES (1), (2)) v(id) USING (id)", true);

    check_file_by_file("FROM 'orders.csv' JOIN 'names.csv' USING (customer)", false);
    check_file_by_file("FROM 'orders.csv' ANTI JOIN 'names.csv' USING (customer)", false);
    check_file_by_file("FROM 'orders.csv' WHERE customer IN (SELECT customer FROM 'names.csv')", false);
    check_file_by_file("FROM 'orders.csv' o WHERE EXISTS (FROM 'names.csv' n WHERE n.customer = o.customer)", false);
    check_file_by_file("SELECT id, (SELECT max(id) FROM 'names.csv') AS last FROM 'orders.csv'", false);
    check_file_by_file("FROM 'orders.csv' QUALIFY row_number() OVER (PARTITION BY customer) = 1", false);
    check_file_by_file("SELECT id, lag(id) OVER (ORDER BY id) AS before FROM 'orders.csv'", false);
    check_file_by_file("FROM 'orders.csv' LIMIT 2", false);
    check_file_by_file("FROM 'orders.csv' OFFSET 2", false);
    check_file_by_file("FROM 'orders.csv' LIMIT 50%", false);
    check_file_by_file("FROM (FROM 'orders.csv' LIMIT 2)", false);
    check_file_by_file("FROM 'orders.csv' USING SAMPLE 50%", false);
    check_file_by_file("SELECT DISTINCT id FROM 'orders.csv'", false);
    check_file_by_file("SELECT customer, sum(id) AS id FROM 'orders.csv' GROUP BY customer", false);
    check_file_by_file("SELECT id FROM 'orders.csv' UNION ALL (SELECT id FROM 'many/*.csv' LIMIT 1)", false);
    check_file_by_file("FROM crm.orders", false);
}

TEST(origin_passes_through_union_all)
{
    check_origin(
        "SELECT id FROM 'orders.csv' WHERE id = 2 UNION ALL SELECT id FROM 'orders.parquet' WHERE id = 3",
        "orders.csv:2|orders.parquet:3");
    check_origin("SELECT *, 1 AS one FROM 'many/a.csv' WHERE id = 2 UNION ALL SELECT qty, id FROM "
                 "'orders.parquet' WHERE id = 3",
                 "a.csv:2|orders.parquet:3");
    check_origin("(FROM 'many/a.csv' LIMIT 1) UNION ALL (FROM 'many/b.csv' LIMIT 1) UNION ALL (FROM "
                 "'many/c.csv' LIMIT 1)",
                 "a.csv:1|b.csv:1|c.csv:1");
    check_origin("SELECT customer, id FROM 'orders.csv' WHERE id = 2 UNION ALL BY NAME SELECT id FROM "
                 "'many/b.csv' WHERE id = 11",
                 "orders.csv:2|b.csv:2");
    check_origin(
        "SELECT id FROM 'orders.csv' UNION ALL SELECT qty FROM 'orders.parquet' ORDER BY id DESC LIMIT 1",
        "orders.csv:5");
    check_no_origin("SELECT id FROM 'orders.csv' UNION SELECT id FROM 'orders.parquet'");
    check_no_origin("SELECT id FROM 'orders.csv' EXCEPT ALL SELECT id FROM 'orders.parquet'");
    check_no_origin("SELECT id FROM 'orders.csv' UNION ALL SELECT count(*) FROM 'orders.parquet'");
}

TEST(a_join_tells_the_row_of_its_left_side)
{
    check_origin("SELECT o.id, n.name FROM 'orders.csv' o LEFT JOIN 'names.csv' n ON o.customer = n.customer "
                 "WHERE o.id = 2",
                 "orders.csv:2");
    check_origin(
        "SELECT * FROM 'orders.csv' o LEFT JOIN 'names.csv' n USING (customer) WHERE o.id > 3 ORDER BY id",
        "orders.csv:4|orders.csv:5");
    check_origin("SELECT n.*, o.id FROM 'orders.csv' o JOIN 'names.csv' n USING (customer) WHERE o.id = 4",
                 "orders.csv:4");
    check_origin("FROM 'orders.csv' SEMI JOIN 'names.csv' USING (customer) ORDER BY id",
                 "orders.csv:1|orders.csv:3|orders.csv:4");
    check_origin("FROM 'orders.csv' ANTI JOIN 'names.csv' USING (customer) ORDER BY id",
                 "orders.csv:2|orders.csv:5");
    check_origin("SELECT id, u FROM 'orders.csv' o, unnest([1, 2]) t(u) WHERE id = 3",
                 "orders.csv:3|orders.csv:3");
    check_origin("SELECT id, unnest([1, 2]) AS u FROM 'orders.csv' WHERE id = 3",
                 "orders.csv:3|orders.csv:3");
    check_origin("SELECT * FROM 'orders.csv' o LEFT JOIN 'names.csv' n USING (customer) LEFT JOIN customers "
                 "c USING (customer) "
                 "WHERE id = 4",
                 "orders.csv:4");
    check_no_origin("SELECT * FROM 'names.csv' NATURAL JOIN 'orders.csv'");
    check_no_origin("SELECT * FROM 'names.csv' n RIGHT JOIN 'orders.csv' o USING (customer)");
    check_no_origin("SELECT * FROM 'names.csv' n FULL JOIN 'orders.csv' o USING (customer)");
    check_no_origin("SELECT * FROM 'names.csv' POSITIONAL JOIN 'orders.csv'");
    check_no_origin("SELECT o.id FROM customers c JOIN 'orders.csv' o USING (customer)");
}

TEST(rows_made_of_several_rows_have_no_origin)
{
    check_no_origin("SELECT customer, sum(price) AS amount FROM 'orders.csv' GROUP BY customer");
    check_no_origin("SELECT customer, sum(price) AS amount FROM 'orders.csv' GROUP BY ALL");
    check_no_origin("SELECT sum(CAST(price AS DOUBLE)) AS amount FROM 'orders.csv'");
    check_no_origin("SELECT count(*) FROM 'orders.csv'");
    check_no_origin("SELECT DISTINCT customer FROM 'orders.csv'");
    check_no_origin("SELECT DISTINCT ON (customer) id FROM 'orders.csv'");
    check_no_origin("SELECT id FROM 'orders.csv' USING SAMPLE 2");
    check_no_origin("SELECT id FROM 'orders.csv' TABLESAMPLE 50%");
    check_no_origin("SELECT x FROM (SELECT DISTINCT id AS x FROM 'orders.csv')");
    check_no_origin("VALUES (1)");
    check_no_origin("SELECT customer FROM customers");
    check_no_origin("SELECT id FROM read_csv('orders.csv', filename = getvariable('x'))");
    check_no_origin("FROM 'orders.csv' PIVOT (sum(price) FOR customer IN ('c1', 'c2'))");
}

TEST(expressions_over_all_columns_are_left_alone)
{
    check_no_origin("SELECT COLUMNS(*)::VARCHAR FROM 'orders.csv'");
    check_no_origin("SELECT o FROM 'orders.csv' o");
    check_no_origin("SELECT hash(o) FROM 'orders.csv' o");
    check_no_origin("SELECT * LIKE 'p%' FROM 'orders.csv' o");
    check_no_origin("SELECT #1 FROM 'orders.csv' o");
    check_no_origin("SELECT id FROM 'orders.csv' WHERE COLUMNS(*) IS NOT NULL");
}

TEST(what_is_read_is_listed)
{
    ptn_scan scan = {0};
    char *told = edited("WITH c AS (FROM 'b.csv'), \"d.csv\" AS (SELECT 1 AS x) SELECT x, (SELECT max(y) "
                        "FROM 'z.json.gz') FROM read_csv("
                        "['a.csv', 'a2.csv']), c, \"d.csv\", 'b.csv' AS again, range(3) WHERE x IN (SELECT k "
                        "FROM 'q/*.parquet')",
                        PTN_SCAN_PLAIN, &scan);
    CHECK_EQ_INT(scan.file_count, 5);
    CHECK_STR(scan.files[0], "b.csv");
    CHECK_STR(scan.files[1], "z.json.gz");
    CHECK_STR(scan.files[2], "a.csv");
    CHECK_STR(scan.files[3], "a2.csv");
    CHECK_STR(scan.files[4], "q/*.parquet");
    CHECK_EQ_INT(scan.table_count, 0);
    CHECK(!scan.volatile_source);
    CHECK(!scan.has_origin);
    ptn_scan_free(&scan);
    free(told);

    told = edited("SELECT 1 FROM crm.public.orders JOIN customers USING (id) JOIN 'a.csv' USING (id)",
                  PTN_SCAN_PLAIN, &scan);
    CHECK_EQ_INT(scan.table_count, 2);
    CHECK_STR(scan.tables[0], "crm.public.orders");
    CHECK_STR(scan.tables[1], "customers");
    CHECK_EQ_INT(scan.file_count, 1);
    CHECK(scan.volatile_source);
    ptn_scan_free(&scan);
    free(told);

    static const char *const moods[] = {
        "SELECT current_date FROM 'a.csv'",     "SELECT now() FROM 'a.csv'",
        "SELECT random() FROM 'a.csv'",         "FROM read_csv(getvariable('x'))",
        "FROM 'https://example.org/a.csv?x=1'", "FROM read_text('a.txt')",
        "FROM read_csv(['a' || '.csv'])",       "WITH customers AS (FROM customers) FROM customers"};
    for (size_t i = 0; i < sizeof moods / sizeof *moods; i++) {
        told = edited(moods[i], PTN_SCAN_ORIGIN, &scan);
        CHECK(scan.volatile_source);
        ptn_scan_free(&scan);
        free(told);
    }
}

TEST(computed_values_keep_what_the_file_said)
{
    check_origin_columns("SELECT id, strptime(day, 'on %d.%m.%Y') AS occurred_at, price AS amount FROM "
                         "'orders.csv' WHERE id = 2",
                         "patron_raw_occurred_at", "on 03.01.2020,orders.csv:2");
    check_origin_columns(
        "SELECT id, CAST(o.price AS DECIMAL(9, 2)) * qty + qty AS amount FROM 'orders.csv' o WHERE id = 2",
        "patron_raw_amount", "price: 3.0; qty: 2,orders.csv:2");
    check_origin_columns(
        "SELECT qty::INT AS quantity, price + 1 AS amount FROM 'orders.csv' WHERE id = 2 UNION ALL "
        "SELECT qty, price - 1 FROM 'orders.parquet' WHERE id = 3",
        "patron_raw_amount, patron_raw_quantity", "3.0,2,orders.csv:2|7.5,orders.parquet:3");
    check_origin_columns(
        "SELECT * REPLACE (qty + 1 AS qty), price + 1 AS amount FROM 'orders.csv' WHERE id = 2",
        "patron_raw_amount", "3.0,orders.csv:2");
    check_origin_columns(
        "WITH c AS (SELECT price + 1 AS sum FROM 'orders.csv' WHERE id = 2) SELECT c.sum AS amount FROM c",
        "patron_raw_amount", "3.0,orders.csv:2");
    check_origin_columns(
        "FROM (SELECT *, price + 1 AS amount FROM 'orders.csv' WHERE id = 2) WHERE amount > 0",
        "patron_raw_amount", "3.0,orders.csv:2");
    check_origin_columns("FROM (SELECT id, price + 1 AS amount FROM 'orders.csv' WHERE id = 2 UNION ALL "
                         "SELECT id, price AS b FROM 'orders.parquet' WHERE id = 2) s LEFT JOIN 'names.csv' "
                         "n ON n.customer = s.id::VARCHAR",
                         "patron_raw_amount", "3.0,orders.csv:2|orders.parquet:2");

    static const char *const nothing_to_tell[] = {
        "SELECT price AS amount, 1 AS quantity, current_date AS occurred_at FROM 'orders.csv'",
        "SELECT *, price + 1 AS amount FROM 'orders.csv' UNION ALL SELECT *, 1 FROM 'orders.csv'",
        "SELECT sum(price) OVER () AS amount FROM 'orders.csv'",
        "SELECT (SELECT max(price) FROM 'orders.csv') AS amount FROM 'orders.csv'",
        "SELECT list_transform([price], lambda x: x + 1)[1] AS amount FROM 'orders.csv'"};
    for (size_t i = 0; i < sizeof nothing_to_tell / sizeof *nothing_to_tell; i++) {
        ptn_scan scan = {0};
        char *told = edited(nothing_to_tell[i], PTN_SCAN_ORIGIN, &scan);
        CHECK(scan.has_origin);
        CHECK_EQ_INT(scan.raw_count, 0);
        ptn_scan_free(&scan);
        free(told);
    }
}

/* The edited statement's rows where `where` holds. */
static void check_careful(const char *sql, ptn_scan_mode mode, const char *columns, const char *where,
                          const char *expected)
{
    ptn_scan scan = {0};
    char *told = edited(sql, mode, &scan);
    ptn_text select = {0};
    ptn_text_addf(&select, "SELECT * FROM (%s) WHERE %s", told, where);
    char *result = result_of(ptn_text_str(&select), columns);
    if (!result || strcmp(result, expected) != 0)
        fail_msg("%s\n%s\n    is       %s\n    expected %s", sql, told, result, expected);
    ptn_text_free(&select);
    ptn_scan_free(&scan);
    free(result);
    free(told);
}

TEST(careful_keeps_rows_with_bad_values)
{
    static const char late[] =
        "SELECT id, CAST(day AS TIMESTAMP) AS occurred_at, price AS amount FROM 'late.csv'";
    ptn_scan scan = {0};
    ptn_problem problem = {0};
    char *told = edited(late, PTN_SCAN_ORIGIN, &scan);
    ptn_text all = {0};
    ptn_text_addf(&all, "CREATE OR REPLACE TEMP TABLE sink AS %s", told);
    CHECK(ptn_store_run(store, ptn_text_str(&all), &problem) != PATRON_OK);
    CHECK_EQ_INT(ptn_store_last_fault(store), PTN_FAULT_VALUE);
    ptn_text_free(&all);
    ptn_scan_free(&scan);
    free(told);

    check_careful(
        late, PTN_SCAN_CAREFUL, "id, coalesce(occurred_at::VARCHAR, '-'), patron_raw_occurred_at, patron_row",
        "id BETWEEN 24999 AND 25000", "24999,2020-01-02 00:00:00,2020-01-02,24999|25000,-,2020-02-31,25000");
    check_careful(late, PTN_SCAN_CAREFUL, "count(*)", "true", "30000");

    check_careful(late, PTN_SCAN_REJECT, "count(occurred_at), count(*)", "true", "29999,29999");
    int64_t line = 0;
    CHECK_EQ_INT(ptn_store_int(store, "SELECT max(line)::BIGINT FROM reject_errors WHERE column_name = 'day'",
                               &line, &problem),
                 PATRON_OK);
    CHECK_EQ_INT(line, 25001); /* the header is line 1 */
}

TEST(careful_softens_conversions)
{
    static const char forms[] =
        "SELECT id, strptime(day, '%Y') AS occurred_at, strptime(day, ['%Y', '%m']) AS second, customer::INT "
        "AS quantity, "
        "date '2020-01-01' AS fixed FROM read_csv('orders.csv', header = true, sample_size = 5)";
    check_careful(forms, PTN_SCAN_CAREFUL,
                  "id, occurred_at, second, quantity, patron_raw_occurred_at, patron_raw_quantity", "id = 2",
                  "2,on 03.01.2020,c2");
    ptn_scan scan = {0};
    char *told = edited(forms, PTN_SCAN_CAREFUL, &scan);
    CHECK(strstr(told, "sample_size = -1") == NULL);
    CHECK(strstr(told, "store_rejects") != NULL);
    CHECK(!scan.soft_filter);
    ptn_scan_free(&scan);
    free(told);

    told = edited(
        "SELECT id FROM read_csv('orders.csv', ignore_errors = true) WHERE day::DATE > DATE '2020-01-01'",
        PTN_SCAN_CAREFUL, &scan);
    CHECK(strstr(told, "store_rejects") == NULL);
    CHECK(strstr(told, "TRY_CAST") != NULL);
    CHECK(scan.soft_filter);
    ptn_scan_free(&scan);
    free(told);
}

TEST(careful_works_without_origin)
{
    check_careful("SELECT customer, sum(qty::INT) AS amount FROM 'orders.csv' GROUP BY ALL", PTN_SCAN_CAREFUL,
                  "customer, amount", "customer = 'c1'", "c1,5");
    check_careful("SELECT customer::INT AS amount FROM customers", PTN_SCAN_CAREFUL, "patron_raw_amount",
                  "amount IS NULL", "c0|c1|c2");
    check_careful("SELECT orders.id FROM customers JOIN 'orders.csv' USING (customer)", PTN_SCAN_CAREFUL,
                  "id", "id = 2", "2");
    check_careful(
        "SELECT day::DATE AS occurred_at FROM 'many/*.csv' m, 'late.csv' WHERE m.id = 2 AND late.id = 25000",
        PTN_SCAN_CAREFUL, "patron_raw_occurred_at, patron_row", "true", "2020-02-31,2");
    check_careful(
        "SELECT id, qty::INT AS quantity FROM 'orders.csv' UNION ALL SELECT id, 0 FROM 'many/*.csv'",
        PTN_SCAN_CAREFUL, "id, patron_row", "id IN (4, 21)", "4,4|21,2");
}

TEST(faults_are_told_in_the_users_terms)
{
    ptn_scan scan = {0};
    ptn_problem problem = {0};
    CHECK_EQ_INT(scan_sql("-- stream: ledger\nSELECT 'Z\xC3\xBCrich' FRM x y\nWHERE 1", PTN_SCAN_ORIGIN,
                          &scan, &problem),
                 PATRON_EINVAL);
    CHECK_STR(problem.code, "E301");
    CHECK_STR(problem.where, "sources/a.sql:2:21");
    CHECK_STR(problem.excerpt, "2 | SELECT 'Z\xC3\xBCrich' FRM x y\n                        ^");
    CHECK_STR(problem.why, "syntax error at or near \"x\"");

    CHECK_EQ_INT(scan_sql("SELECT id FROM orders WHERE (", PTN_SCAN_ORIGIN, &scan, &problem), PATRON_EINVAL);
    CHECK_STR(problem.code, "E301");

    static const char *const others[] = {"SELECT 1; SELECT 2", "INSERT INTO a VALUES (1)",
                                         "CREATE TABLE a AS SELECT 1", "-- x"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        CHECK_EQ_INT(scan_sql(others[i], PTN_SCAN_PLAIN, &scan, &problem), PATRON_EINVAL);
        CHECK_STR(problem.code, "E302");
        CHECK_STR(problem.where, "sources/a.sql");
    }
    CHECK(scan.statement_json == NULL);
}

TEST(a_number_beyond_64_bits_is_left_to_duckdb)
{
    ptn_scan scan = {0};
    char *told = edited("SELECT 170141183460469231731687303715884105727 AS n FROM 'orders.csv'",
                        PTN_SCAN_ORIGIN, &scan);
    CHECK(strstr(told, "170141183460469231731687303715884105727") != NULL);
    CHECK(!scan.has_origin);
    CHECK(scan.volatile_source);
    ptn_scan_free(&scan);
    free(told);
}

/* DuckDB's search path comes second: a file of that name in the process's folder would be read. */
TEST(relative_names_start_in_the_given_folder)
{
    open_lab();
    start = folder;
    static const char *const statements[] = {
        "SELECT orders.id FROM 'orders.csv' WHERE id = 2",
        "SELECT \"many/*.csv\".id FROM 'many/*.csv' WHERE id = 2",
        "SELECT id FROM read_csv(['many/a.csv', 'many/b.csv']) WHERE id = 2",
        "SELECT id FROM read_parquet('many/a.parquet') WHERE id = 2"};
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        check_origin(statements[i], i == 0 ? "orders.csv:2" : i == 3 ? "a.parquet:2" : "a.csv:2");
        check_careful(statements[i], PTN_SCAN_PLAIN, "id", "true", "2");
        ptn_scan scan = {0};
        char *told = edited(statements[i], PTN_SCAN_PLAIN, &scan);
        CHECK(strstr(told, folder) != NULL);
        CHECK(strstr(scan.files[0], folder) == NULL);
        ptn_scan_free(&scan);
        free(told);
    }
    start = NULL;
}
