/* purchase_days(day): the distinct days of a group, rising; an aggregate. Half the cost of grouping by person and day and
 * then by person, and it keeps the days, so that the state at any past day is a look at a short list:
 * history_state(days, until, horizon): frequency, recency, age as of `until`, and how many purchase days the horizon after
 * it held. NULL for someone who had not bought by then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "register.h"
#include "vectors.h"

/* Most people have few days: those stand inside the state, where the hash table has just touched memory. */
enum { INSIDE = 12 };

typedef struct days {
    int32_t count, room; /* room of `more`, when there is one */
    int32_t *more;
    int32_t inside[INSIDE];
} days;

static int32_t *days_of(days *d)
{
    return d->more ? d->more : d->inside;
}

/* How many of the sorted days are at most `day`. */
static uint64_t count_until(const int32_t *sorted, uint64_t n, int64_t day)
{
    uint64_t low = 0;
    while (n > 0) {
        const uint64_t half = n / 2;
        if (sorted[low + half] <= day) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low;
}

static bool add_day(days *d, int32_t day)
{
    int32_t *at = days_of(d);
    const bool last = d->count == 0 || at[d->count - 1] < day; /* as a rule: days arrive in order */
    const int32_t i = last ? d->count : (int32_t)count_until(at, (uint64_t)d->count, day);
    if (i > 0 && at[i - 1] == day)
        return true;
    const int32_t room = d->more ? d->room : INSIDE;
    if (d->count == room) {
        int32_t *more = malloc((size_t)room * 2 * sizeof *more);
        if (!more)
            return false;
        memcpy(more, at, (size_t)room * sizeof *more);
        free(d->more);
        d->more = at = more;
        d->room = 2 * room;
    }
    memmove(at + i + 1, at + i, (size_t)(d->count - i) * sizeof *at);
    at[i] = day;
    d->count++;
    return true;
}

/* Both lists are sorted: merged into the target. */
static bool merge_days(days *to, days *from)
{
    const int32_t *f = days_of(from);
    if (to->count && from->count > 8) { /* many inserts in the middle of a long list would be quadratic */
        const int32_t *t = days_of(to);
        const int32_t room = to->count + from->count;
        int32_t *all = malloc((size_t)room * sizeof *all), n = 0;
        if (!all)
            return false;
        for (int32_t i = 0, j = 0; i < to->count || j < from->count;) {
            const int32_t next = j == from->count || (i < to->count && t[i] <= f[j]) ? t[i] : f[j];
            i += i < to->count && t[i] == next;
            j += j < from->count && f[j] == next;
            all[n++] = next;
        }
        free(to->more);
        to->more = all;
        to->room = room;
        to->count = n;
        return true;
    }
    bool ok = true;
    for (int32_t j = 0; ok && j < from->count; j++)
        ok = add_day(to, f[j]);
    return ok;
}

static idx_t state_size(duckdb_function_info info)
{
    (void)info;
    return sizeof(days);
}

static void state_init(duckdb_function_info info, duckdb_aggregate_state state)
{
    (void)info;
    memset(state, 0, sizeof(days));
}

static void state_destroy(duckdb_aggregate_state *states, idx_t n)
{
    for (idx_t k = 0; k < n; k++) {
        free(((days *)states[k])->more);
        ((days *)states[k])->more = NULL;
    }
}

static bool is_infinite(int32_t day)
{
    return day == INT32_MAX || day == -INT32_MAX; /* as DuckDB spells them */
}

static void update(duckdb_function_info info, duckdb_data_chunk input, duckdb_aggregate_state *states)
{
    duckdb_vector vector = duckdb_data_chunk_get_vector(input, 0);
    const int32_t *day = duckdb_vector_get_data(vector);
    const uint64_t *valid = duckdb_vector_get_validity(vector);
    const idx_t n = duckdb_data_chunk_get_size(input);
    for (idx_t i = 0; i < n; i++) {
        if (i + 8 < n)
            __builtin_prefetch(states[i + 8]);
        if (ptn_is_null(valid, i))
            continue;
        if (is_infinite(day[i])) {
            duckdb_aggregate_function_set_error(info, "purchase_days: an infinite date is no day");
            return;
        }
        if (!add_day((days *)states[i], day[i])) {
            duckdb_aggregate_function_set_error(info, "purchase_days: out of memory");
            return;
        }
    }
}

static void combine(duckdb_function_info info, duckdb_aggregate_state *source, duckdb_aggregate_state *target,
                    idx_t n)
{
    for (idx_t k = 0; k < n; k++)
        if (!merge_days((days *)target[k], (days *)source[k])) {
            duckdb_aggregate_function_set_error(info, "purchase_days: out of memory");
            return;
        }
}

static void finalize(duckdb_function_info info, duckdb_aggregate_state *states, duckdb_vector out, idx_t n,
                     idx_t offset)
{
    idx_t size = duckdb_list_vector_get_size(out), room = size;
    for (idx_t k = 0; k < n; k++)
        room += (idx_t)((days *)states[k])->count;
    if (duckdb_list_vector_reserve(out, room) != DuckDBSuccess) {
        duckdb_aggregate_function_set_error(info, "purchase_days: out of memory");
        state_destroy(states, n);
        return;
    }
    int32_t *values = duckdb_vector_get_data(duckdb_list_vector_get_child(out));
    duckdb_list_entry *entries = duckdb_vector_get_data(out);
    for (idx_t k = 0; k < n; k++) {
        days *d = (days *)states[k];
        entries[offset + k] = (duckdb_list_entry){size, (uint64_t)d->count};
        if (d->count)
            memcpy(values + size, days_of(d), (size_t)d->count * sizeof *values);
        else
            ptn_set_null(out, offset + k);
        size += (idx_t)d->count;
    }
    duckdb_list_vector_set_size(out, room);
}

/* ---- history_state ---- */

enum { STATE_FIELDS = 4 };

/* What is wrong with a row; NULL: nothing. */
static const char *row_fault(const int32_t *own, const uint64_t *valid, duckdb_list_entry list, int32_t until,
                             int32_t horizon)
{
    if (is_infinite(until))
        return "until is an infinite date";
    if (horizon < 0)
        return "the horizon is below 0";
    for (uint64_t k = 0; k < list.length; k++) {
        if (ptn_is_null(valid, list.offset + k))
            return "one of the days is NULL";
        if (is_infinite(own[k]))
            return "one of the days is infinite";
        if (k && own[k] <= own[k - 1])
            return "the days do not rise: a list as purchase_days gives it was expected";
    }
    if (list.length && (int64_t)until - own[0] > INT32_MAX)
        return "the first day and until are more than five million years apart";
    return NULL;
}

static void history_state(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector out)
{
    duckdb_vector lists = duckdb_data_chunk_get_vector(input, 0),
                  untils = duckdb_data_chunk_get_vector(input, 1),
                  horizons = duckdb_data_chunk_get_vector(input, 2),
                  child = duckdb_list_vector_get_child(lists);
    const duckdb_list_entry *entries = duckdb_vector_get_data(lists);
    const int32_t *all = duckdb_vector_get_data(child);
    const int32_t *until = duckdb_vector_get_data(untils), *horizon = duckdb_vector_get_data(horizons);
    const uint64_t *all_valid = duckdb_vector_get_validity(child);
    const uint64_t *valid[3] = {duckdb_vector_get_validity(lists), duckdb_vector_get_validity(untils),
                                duckdb_vector_get_validity(horizons)};
    int32_t *result[STATE_FIELDS];
    for (idx_t c = 0; c < STATE_FIELDS; c++)
        result[c] = duckdb_vector_get_data(duckdb_struct_vector_get_child(out, c));
    for (idx_t i = 0, n = duckdb_data_chunk_get_size(input); i < n; i++) {
        if (ptn_is_null(valid[0], i) || ptn_is_null(valid[1], i) || ptn_is_null(valid[2], i)) {
            ptn_set_null_struct(out, i, STATE_FIELDS);
            continue;
        }
        const int32_t *own = all + entries[i].offset;
        const char *fault = row_fault(own, all_valid, entries[i], until[i], horizon[i]);
        if (fault) {
            char message[160];
            snprintf(message, sizeof message, "history_state: %s", fault);
            duckdb_scalar_function_set_error(info, message);
            return;
        }
        const uint64_t bought = count_until(own, entries[i].length, until[i]);
        if (bought == 0) {
            ptn_set_null_struct(out, i, STATE_FIELDS);
            continue;
        }
        result[0][i] = (int32_t)bought - 1;
        result[1][i] = own[bought - 1] - own[0];
        result[2][i] = until[i] - own[0];
        result[3][i] =
            (int32_t)(count_until(own, entries[i].length, (int64_t)until[i] + horizon[i]) - bought);
    }
}

static bool register_purchase_days(duckdb_connection connection, duckdb_logical_type day,
                                   duckdb_logical_type list)
{
    duckdb_aggregate_function function = duckdb_create_aggregate_function();
    duckdb_aggregate_function_set_name(function, "purchase_days");
    duckdb_aggregate_function_add_parameter(function, day);
    duckdb_aggregate_function_set_return_type(function, list);
    duckdb_aggregate_function_set_functions(function, state_size, state_init, update, combine, finalize);
    duckdb_aggregate_function_set_destructor(function, state_destroy);
    duckdb_aggregate_function_set_special_handling(function);
    const bool ok = duckdb_register_aggregate_function(connection, function) == DuckDBSuccess;
    duckdb_destroy_aggregate_function(&function);
    return ok;
}

static bool register_history_state(duckdb_connection connection, duckdb_logical_type day,
                                   duckdb_logical_type list)
{
    duckdb_logical_type whole = duckdb_create_logical_type(DUCKDB_TYPE_INTEGER);
    duckdb_logical_type made =
        duckdb_create_struct_type((duckdb_logical_type[]){whole, whole, whole, whole},
                                  (const char *[]){"frequency", "recency", "age", "later"}, STATE_FIELDS);
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_scalar_function_set_name(function, "history_state");
    duckdb_scalar_function_add_parameter(function, list);
    duckdb_scalar_function_add_parameter(function, day);
    duckdb_scalar_function_add_parameter(function, whole);
    duckdb_scalar_function_set_return_type(function, made);
    duckdb_scalar_function_set_special_handling(function);
    duckdb_scalar_function_set_function(function, history_state);
    const bool ok = duckdb_register_scalar_function(connection, function) == DuckDBSuccess;
    duckdb_destroy_scalar_function(&function);
    duckdb_destroy_logical_type(&made);
    duckdb_destroy_logical_type(&whole);
    return ok;
}

bool ptn_register_history(duckdb_connection connection)
{
    duckdb_logical_type day = duckdb_create_logical_type(DUCKDB_TYPE_DATE);
    duckdb_logical_type list = duckdb_create_list_type(day);
    const bool ok =
        register_purchase_days(connection, day, list) && register_history_state(connection, day, list);
    duckdb_destroy_logical_type(&list);
    duckdb_destroy_logical_type(&day);
    return ok;
}
