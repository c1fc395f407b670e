/* A shop's lines of any number, in the order of time, as such exports are:
 *
 *     build/bench/make_ledger CUSTOMERS LINES SEED FILE.parquet|FILE.csv
 *
 * Customers of the kind `daily` (shops.h) come over two years. Each purchase is an order of some lines, as many as make LINES in
 * all; 1 line in 50 comes back within a month; 1 order in 64 names no customer. The same numbers give the same rows. */
#include <math.h>
#include <stdint.h>

#include "base/random.h"
#include "duck.h"
#include "forecast/model.h"
#include "shops.h"

enum { DAYS = 730, MINUTES = DAYS * 1440, PRODUCTS = 4000, NOBODY = 64, RETURNED = 50 };

typedef struct line {
    uint32_t customer; /* 0: nobody */
    uint32_t minute, order;
    uint16_t product;
    int16_t quantity;
} line;

typedef struct ledger {
    line *lines;
    size_t count, room, cut; /* lines from `cut` on are one too many */
    uint32_t orders;
    double lines_an_order;
    /* of the customer being drawn */
    uint32_t customer;
    double came; /* day of the first purchase */
    double last_day;
    ptn_random random;
} ledger;

static void add(ledger *l, uint32_t minute, uint32_t customer, uint16_t product, int16_t quantity)
{
    if (l->count == l->room) {
        l->room = l->room + l->room / 4 + 1024;
        l->lines = realloc(l->lines, l->room * sizeof *l->lines);
        if (!l->lines)
            room_for(SIZE_MAX / 2, 1); /* says so and ends */
    }
    l->lines[l->count++] = (line){customer, minute, l->orders, product, quantity};
}

/* An order: lines as many as come on average, geometrically; some of them come back. */
static void order(ledger *l, double day)
{
    ptn_random *random = &l->random;
    const uint32_t minute = (uint32_t)floor(day) * 1440 + 480 + (uint32_t)(720 * ptn_draw_uniform(random));
    const double more = l->lines_an_order - 1;
    const unsigned lines = 1 + (more > 0 ? (unsigned)(ptn_draw_exponential(random) / log1p(1 / more)) : 0);
    const uint32_t customer = ptn_draw_uniform(random) * NOBODY < 1 ? 0 : l->customer;
    l->orders++;
    for (unsigned k = 0; k < lines; k++) {
        const double popular = ptn_draw_uniform(random);
        const uint16_t product = (uint16_t)(PRODUCTS * popular * popular);
        const int16_t quantity = (int16_t)(1 + fmin(200, floor(4 * ptn_draw_exponential(random))));
        add(l, minute, customer, product, quantity);
        if (ptn_draw_uniform(random) * RETURNED >= 1)
            continue;
        const uint32_t back = minute + 1440 * (uint32_t)(1 + 30 * ptn_draw_uniform(random));
        if (back < MINUTES)
            add(l, back, customer, product, (int16_t)-quantity);
    }
}

static void purchase(void *context, double time)
{
    ledger *l = context;
    const double day = floor(l->came + time);
    if (day <= l->last_day || day >= DAYS)
        return;
    l->last_day = day;
    order(l, day);
}

/* Purchase days of one customer: the first, and what the model expects after it over all ages. */
static double expected_orders(const shop *s)
{
    double sum = 0, more;
    patron_error err = {0};
    for (int age = 0; age < DAYS; age++) {
        must(patron_model_new_purchases(patron_model_find("pareto_nbd"), s->parameters, age + 0.5, &more, &err), &err);
        sum += (1 + more) / DAYS;
    }
    return sum;
}

static void draw(ledger *l, size_t customers, uint64_t seed)
{
    const shop *s = find_shop("daily");
    const patron_model *model = patron_model_find("pareto_nbd");
    for (size_t i = 0; i < customers; i++) {
        ptn_random random = ptn_random_open(seed, i);
        l->random = ptn_random_open(~seed, i);
        l->customer = (uint32_t)i + 1;
        l->came = l->last_day = floor(DAYS * ptn_draw_uniform(&l->random));
        order(l, l->came);
        model->draw(s->parameters, DAYS - l->came, &random, purchase, l);
    }
}

/* By time: counted by the minute, then put in their places. */
static void sort(ledger *l)
{
    uint32_t *place = room_for(MINUTES + 1, sizeof *place);
    line *sorted = room_for(l->count, sizeof *sorted);
    memset(place, 0, (MINUTES + 1) * sizeof *place);
    for (size_t i = 0; i < l->count; i++)
        place[l->lines[i].minute + 1]++;
    for (uint32_t m = 0; m < MINUTES; m++)
        place[m + 1] += place[m];
    for (size_t i = 0; i < l->count; i++)
        sorted[place[l->lines[i].minute]++] = l->lines[i];
    free(l->lines);
    free(place);
    l->lines = sorted;
}

/* ---- the table function lines(): DuckDB writes the files ---- */

static void bind(duckdb_bind_info info)
{
    static const struct {
        const char *name;
        duckdb_type type;
    } columns[] = {{"order_id", DUCKDB_TYPE_INTEGER}, {"customer", DUCKDB_TYPE_INTEGER}, {"occurred_at", DUCKDB_TYPE_TIMESTAMP},
                   {"product", DUCKDB_TYPE_INTEGER},  {"quantity", DUCKDB_TYPE_INTEGER}, {"cents", DUCKDB_TYPE_INTEGER}};
    const ledger *l = duckdb_bind_get_extra_info(info);
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        duckdb_logical_type type = duckdb_create_logical_type(columns[c].type);
        duckdb_bind_add_result_column(info, columns[c].name, type);
        duckdb_destroy_logical_type(&type);
    }
    duckdb_bind_set_cardinality(info, l->cut, true);
}

static void init(duckdb_init_info info)
{
    duckdb_init_set_init_data(info, calloc(1, sizeof(size_t)), free);
}

static void scan(duckdb_function_info info, duckdb_data_chunk chunk)
{
    static const int64_t start = 1672531200; /* 2023-01-01 */
    const ledger *l = duckdb_function_get_extra_info(info);
    size_t *at = duckdb_function_get_init_data(info);
    const size_t n = l->cut - *at < duckdb_vector_size() ? l->cut - *at : duckdb_vector_size();
    void *out[6];
    for (idx_t c = 0; c < 6; c++)
        out[c] = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, c));
    duckdb_vector who = duckdb_data_chunk_get_vector(chunk, 1);
    duckdb_vector_ensure_validity_writable(who);
    uint64_t *known = duckdb_vector_get_validity(who);
    for (size_t i = 0; i < n; i++) {
        const line *row = &l->lines[*at + i];
        const int32_t price = 50 + (int32_t)(row->product * UINT32_C(2654435761) % 2000);
        ((int32_t *)out[0])[i] = (int32_t)row->order;
        ((int32_t *)out[1])[i] = (int32_t)row->customer;
        ((int64_t *)out[2])[i] = (start + 60 * (int64_t)row->minute) * 1000000;
        ((int32_t *)out[3])[i] = row->product;
        ((int32_t *)out[4])[i] = row->quantity;
        ((int32_t *)out[5])[i] = row->quantity * price;
        duckdb_validity_set_row_validity(known, i, row->customer != 0);
    }
    *at += n;
    duckdb_data_chunk_set_size(chunk, n);
}

static void run(duckdb_connection connection, const char *sql)
{
    duckdb_result result;
    if (duckdb_query(connection, sql, &result) != DuckDBSuccess) {
        fprintf(stderr, "%s\n", duckdb_result_error(&result));
        exit(1);
    }
    duckdb_destroy_result(&result);
}

static void write_file(ledger *l, const char *path)
{
    char sql[4400];
    duckdb_database database;
    duckdb_connection connection;
    duckdb_open(NULL, &database);
    duckdb_connect(database, &connection);
    duckdb_table_function function = duckdb_create_table_function();
    duckdb_table_function_set_name(function, "lines");
    duckdb_table_function_set_extra_info(function, l, NULL);
    duckdb_table_function_set_bind(function, bind);
    duckdb_table_function_set_init(function, init);
    duckdb_table_function_set_function(function, scan);
    duckdb_register_table_function(connection, function);
    duckdb_destroy_table_function(&function);
    snprintf(sql, sizeof sql,
             "COPY (SELECT order_id, 'c' || customer AS customer, occurred_at, 'P' || product AS product, quantity,"
             " (cents / 100)::DECIMAL(12, 2) AS amount FROM lines()) TO '%s' (%s)",
             path, strstr(path, ".csv") ? "FORMAT csv" : "FORMAT parquet, ROW_GROUP_SIZE 122880");
    run(connection, sql);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: make_ledger CUSTOMERS LINES SEED FILE.parquet|FILE.csv\n");
        return 2;
    }
    const size_t customers = strtoull(argv[1], NULL, 10), lines = strtoull(argv[2], NULL, 10);
    const double orders = expected_orders(find_shop("daily")) * (double)customers * (1 + 1.0 / (2 * RETURNED));
    ledger l = {.lines_an_order = fmax(1, 1.02 * (double)lines / orders), .room = lines + lines / 20 + 1024};
    l.lines = room_for(l.room, sizeof *l.lines);
    draw(&l, customers, strtoull(argv[3], NULL, 10));
    if (l.count < lines) {
        fprintf(stderr, "%zu customers buy %zu lines, not %zu: ask for more lines a customer\n", customers, l.count, lines);
        return 1;
    }
    sort(&l);
    l.cut = lines;
    write_file(&l, argv[4]);
    free(l.lines);
    return 0;
}
