#include "history/sample.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "history/time_grid.h"

enum { FREQUENCY_MAX = 1000000, DIGIT_MAX = 11, PASSES_MAX = 6 };

/* ---- the domain ---- */

static bool is_state(double x, double t_x, double T)
{
    return x >= 0 && x <= FREQUENCY_MAX && x == (double)(uint32_t)x && t_x >= 0 && t_x <= T && T <= DBL_MAX
           && (x == 0) == (t_x == 0);
}

static bool is_weight(double weight)
{
    return weight > 0 && weight <= DBL_MAX;
}

static const char *fault_of(double x, double t_x, double T)
{
    if (!(x >= 0 && x <= FREQUENCY_MAX && x == floor(x)))
        return "frequency is a whole number from 0 to 1000000";
    if (!(T >= 0 && T <= DBL_MAX))
        return "age is a finite number, 0 or more";
    if (!(t_x >= 0 && t_x <= T))
        return "recency lies between 0 and age";
    if (x == 0)
        return "recency is 0 when there was no purchase after the first";
    return "recency is above 0 when there were purchases after the first";
}

static patron_status check(const patron_states *states, double *x_max, double *T_max, patron_error *err)
{
    const double *x = states->frequency, *t_x = states->recency, *T = states->age, *weight = states->weight;
    if (states->n > 0 && !(x && t_x && T))
        return ptn_fail(err, PATRON_EINVAL, "states: frequency, recency and age are needed");
    for (size_t i = 0; i < states->n; i++) {
        if (!is_state(x[i], t_x[i], T[i]))
            return ptn_fail(err, PATRON_EDATA, "row %zu (frequency %.15g, recency %.15g, age %.15g): %s",
                            i + 1, x[i], t_x[i], T[i], fault_of(x[i], t_x[i], T[i]));
        if (weight && !is_weight(weight[i]))
            return ptn_fail(err, PATRON_EDATA,
                            "row %zu: the number of customers is %.15g, not a finite number above 0", i + 1,
                            weight[i]);
        *x_max = fmax(*x_max, x[i]);
        *T_max = fmax(*T_max, T[i]);
    }
    return PATRON_OK;
}

/* ---- the order: packed into one word each, or compared ---- */

typedef struct row_state {
    double x, T, t_x;
    size_t row;
} row_state;

/* The rows in order. On a grid a row is one word, x | T | t_x | row from the top, when that fits into 64 bits. */
typedef struct ordered {
    uint64_t *packed;
    unsigned T_bits, t_x_bits, row_bits;
    row_state *plain; /* otherwise */
} ordered;

static unsigned bits_for(uint64_t largest)
{
    unsigned bits = 0;
    while (largest >> bits)
        bits++;
    return bits;
}

/* Least significant digit first, on bits low .. low + bits; what lies below comes along. Stable. */
static bool radix_sort(uint64_t **keys, size_t n, unsigned low, unsigned bits)
{
    const unsigned passes = (bits + DIGIT_MAX - 1) / DIGIT_MAX;
    if (passes == 0)
        return true;
    const unsigned digit = (bits + passes - 1) / passes;
    const uint64_t mask = (UINT64_C(1) << digit) - 1;
    size_t(*place)[1 << DIGIT_MAX] = calloc(PASSES_MAX, sizeof *place);
    uint64_t *from = *keys, *to = malloc(n * sizeof *to);
    if (!place || !to) {
        free(place);
        free(to);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        for (unsigned pass = 0; pass < passes; pass++)
            place[pass][from[i] >> (low + pass * digit) & mask]++;
    for (unsigned pass = 0; pass < passes; pass++) {
        size_t next = 0;
        for (uint64_t value = 0; value <= mask; value++) {
            const size_t count = place[pass][value];
            place[pass][value] = next;
            next += count;
        }
        for (size_t i = 0; i < n; i++)
            to[place[pass][from[i] >> (low + pass * digit) & mask]++] = from[i];
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    *keys = from;
    free(place);
    free(to);
    return true;
}

static bool order_packed(const patron_states *states, double step, unsigned key_bits, ordered *order)
{
    order->packed = malloc(states->n * sizeof *order->packed);
    if (!order->packed)
        return false;
    const double steps_per_time = 1 / step;
    for (size_t i = 0; i < states->n; i++) {
        const uint32_t t_x = ptn_grid_steps(states->recency[i], steps_per_time);
        const uint32_t T = ptn_grid_steps(states->age[i], steps_per_time);
        const uint64_t key = ((uint64_t)states->frequency[i] << order->T_bits | T) << order->t_x_bits | t_x;
        order->packed[i] = key << order->row_bits | i;
    }
    return radix_sort(&order->packed, states->n, order->row_bits, key_bits);
}

static int compare(const void *left, const void *right)
{
    const row_state *a = left, *b = right;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    if (a->T != b->T)
        return a->T < b->T ? -1 : 1;
    if (a->t_x != b->t_x)
        return a->t_x < b->t_x ? -1 : 1;
    return a->row < b->row ? -1 : 1; /* qsort alone promises no order of equals */
}

static bool order_plain(const patron_states *states, double step, ordered *order)
{
    order->plain = malloc(states->n * sizeof *order->plain);
    if (!order->plain)
        return false;
    for (size_t i = 0; i < states->n; i++) {
        double T = states->age[i], t_x = states->recency[i];
        if (step > 0) {
            T = ptn_grid_steps(T, 1 / step) * step;
            t_x = ptn_grid_steps(t_x, 1 / step) * step;
        }
        order->plain[i] = (row_state){.x = states->frequency[i], .T = T, .t_x = t_x, .row = i};
    }
    qsort(order->plain, states->n, sizeof *order->plain, compare);
    return true;
}

static bool order_rows(const patron_states *states, const ptn_sample *sample, ordered *order)
{
    if (sample->step > 0) {
        const unsigned time_bits = bits_for((uint64_t)(sample->T_max / sample->step + 0.5));
        const unsigned key_bits = bits_for((uint64_t)sample->x_max) + 2 * time_bits;
        order->T_bits = order->t_x_bits = time_bits;
        order->row_bits = bits_for(states->n - 1);
        if (key_bits + order->row_bits <= 64)
            return order_packed(states, sample->step, key_bits, order);
    }
    return order_plain(states, sample->step, order);
}

/* ---- the distinct states ---- */

static bool starts_state(const ordered *order, size_t i)
{
    if (i == 0)
        return true;
    if (order->packed)
        return (order->packed[i] ^ order->packed[i - 1]) >> order->row_bits != 0;
    const row_state *a = &order->plain[i - 1], *b = &order->plain[i];
    return a->x != b->x || a->T != b->T || a->t_x != b->t_x;
}

static size_t row_at(const ordered *order, size_t i)
{
    return order->packed ? (size_t)(order->packed[i] & ((UINT64_C(1) << order->row_bits) - 1))
                         : order->plain[i].row;
}

static void set_state(ptn_sample *sample, size_t state, const ordered *order, size_t i)
{
    if (order->packed) {
        const uint64_t key = order->packed[i] >> order->row_bits;
        const uint64_t mask = (UINT64_C(1) << order->t_x_bits) - 1;
        sample->t_x_step[state] = (uint32_t)(key & mask);
        sample->T_step[state] = (uint32_t)(key >> order->t_x_bits & mask);
        sample->x[state] = (double)(key >> (order->t_x_bits + order->T_bits));
        sample->t_x[state] = sample->t_x_step[state] * sample->step;
        sample->T[state] = sample->T_step[state] * sample->step;
        return;
    }
    sample->x[state] = order->plain[i].x;
    sample->t_x[state] = order->plain[i].t_x;
    sample->T[state] = order->plain[i].T;
    if (sample->step > 0) {
        sample->t_x_step[state] = ptn_grid_steps(sample->t_x[state], 1 / sample->step);
        sample->T_step[state] = ptn_grid_steps(sample->T[state], 1 / sample->step);
    }
}

static bool make_room(ptn_sample *sample, size_t rows, bool want_rows)
{
    double **columns[] = {&sample->x, &sample->t_x, &sample->T, &sample->weight};
    for (size_t k = 0; k < 4; k++)
        if (!(*columns[k] = malloc(sample->n * sizeof **columns[k])))
            return false;
    if (sample->step > 0) {
        sample->t_x_step = malloc(sample->n * sizeof *sample->t_x_step);
        sample->T_step = malloc(sample->n * sizeof *sample->T_step);
        if (!sample->t_x_step || !sample->T_step)
            return false;
    }
    return !want_rows || (sample->state_of_row = malloc(rows * sizeof *sample->state_of_row));
}

static bool group(ptn_sample *sample, const patron_states *states, const ordered *order, bool want_rows)
{
    for (size_t i = 0; i < states->n; i++)
        sample->n += starts_state(order, i);
    if (!make_room(sample, states->n, want_rows))
        return false;
    size_t state = 0;
    for (size_t i = 0; i < states->n; i++) {
        const size_t row = row_at(order, i);
        const double weight = states->weight ? states->weight[row] : 1;
        if (starts_state(order, i)) {
            state += i > 0;
            set_state(sample, state, order, i);
            sample->weight[state] = weight;
        } else {
            sample->weight[state] += weight;
        }
        if (want_rows)
            sample->state_of_row[row] = state;
    }
    return true;
}

/* ---- the sample ---- */

patron_status ptn_sample_open(ptn_sample *sample, const patron_states *states, bool want_rows,
                              patron_error *err)
{
    patron_status status = PATRON_OK;
    ordered order = {0};
    *sample = (ptn_sample){0};
    PTN_TRY(check(states, &sample->x_max, &sample->T_max, err));
    if (states->n == 0)
        goto done;
    sample->step = ptn_grid_find(states->n, states->recency, states->age, sample->T_max);
    if (sample->step > 0)
        sample->T_step_max = (uint32_t)(sample->T_max / sample->step + 0.5);
    if (!order_rows(states, sample, &order) || !group(sample, states, &order, want_rows)) {
        status = ptn_fail(err, PATRON_ENOMEM, "out of memory for %zu states", states->n);
        goto done;
    }
    for (size_t i = 0; i < sample->n; i++) {
        sample->customers += sample->weight[i];
        sample->purchases += sample->weight[i] * sample->x[i];
        sample->time += sample->weight[i] * sample->T[i];
    }
done:
    free(order.packed);
    free(order.plain);
    if (status != PATRON_OK)
        ptn_sample_close(sample);
    return status;
}

void ptn_sample_close(ptn_sample *sample)
{
    free(sample->x);
    free(sample->t_x);
    free(sample->T);
    free(sample->weight);
    free(sample->t_x_step);
    free(sample->T_step);
    free(sample->state_of_row);
    *sample = (ptn_sample){0};
}

size_t ptn_sample_next_x(const ptn_sample *sample, size_t i)
{
    size_t low = i, high = sample->n; /* x[low] is the same, x[high] is not */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (sample->x[middle] > sample->x[i])
            high = middle;
        else
            low = middle;
    }
    return high;
}
