/* The sample is walked in blocks of up to ROWS values of x, each in the way that takes least time: by a
 * table at every step of the sample's grid, where each state is one difference; by a table at fewer times,
 * with states looked up between them; or state by state. */
#include "forecast/pareto_nbd_sample.h"

#include <stdlib.h>

#include "forecast/pareto_nbd_between.h"
#include "forecast/pareto_nbd_table.h"
#include "math/gamma.h"
#include "math/vector.h"

enum { ROWS = 64, FEW_STATES = 6, STEPS_MAX = 1 << 16, BATCH = 512 };

/* Costs in nanoseconds, measured: of a state; of a step when a table is opened; of a step for each row. */
static const struct {
    double state, step, row_step;
} on_steps = {11, 180, 11}, between_steps = {120, 250, 15}, alone = {420, 0, 0};

/* A value of x and its states. */
typedef struct row {
    double x;
    size_t begin, end;
    bool few;                 /* too few states for a table */
    uint32_t first, last;     /* on a grid: the earliest t_x and the latest T, from the block's first step */
    uint32_t first_from_here; /* the earliest t_x of this and the later rows */
} row;

typedef enum way { ON_STEPS, BETWEEN_STEPS, ALONE } way;

typedef struct block {
    const ptn_rates *p;
    const ptn_sample *sample;
    size_t end; /* the first state after the block */
    row rows[ROWS];
    unsigned row_count;

    /* of rows that are not few */
    size_t states;
    double x_first, x_last;
    uint32_t first, last;    /* steps of the sample's grid */
    double earliest, latest; /* times that are not 0 */

    way way;
    ptn_table table;     /* ON_STEPS */
    ptn_between between; /* BETWEEN_STEPS */
} block;

/* ---- which states make a block, and its way ---- */

static double smaller_positive(double a, double b)
{
    return b > 0 && b < a ? b : a;
}

static void add_to_block(block *b, row *r)
{
    const ptn_sample *sample = b->sample;
    b->x_first = b->states ? b->x_first : r->x;
    b->x_last = r->x;
    b->states += r->end - r->begin;
    b->latest = fmax(b->latest, sample->T[r->end - 1]);
    if (sample->step > 0) {
        r->first = UINT32_MAX;
        for (size_t i = r->begin; i < r->end; i++)
            r->first = sample->t_x_step[i] < r->first ? sample->t_x_step[i] : r->first;
        r->last = sample->T_step[r->end - 1];
        b->first = r->first < b->first ? r->first : b->first;
        b->last = r->last > b->last ? r->last : b->last;
        b->earliest = sample->step;
        return;
    }
    for (size_t i = r->begin; i < r->end; i++)
        b->earliest = smaller_positive(smaller_positive(b->earliest, sample->t_x[i]), sample->T[i]);
}

static void gather(block *b)
{
    const ptn_sample *sample = b->sample;
    const double x_end = sample->x[b->end] + ROWS;
    uint32_t first = UINT32_MAX;
    b->row_count = 0;
    b->states = 0;
    b->first = UINT32_MAX;
    b->last = 0;
    b->earliest = INFINITY;
    b->latest = 0;
    while (b->end < sample->n && sample->x[b->end] < x_end) {
        row *r = &b->rows[b->row_count++];
        *r = (row){.x = sample->x[b->end], .begin = b->end, .end = ptn_sample_next_x(sample, b->end)};
        r->few = r->end - r->begin < FEW_STATES;
        if (!r->few)
            add_to_block(b, r);
        b->end = r->end;
    }
    for (unsigned k = b->row_count; sample->step > 0 && k-- > 0;) {
        row *r = &b->rows[k];
        if (r->few)
            continue;
        first = r->first < first ? r->first : first;
        r->first -= b->first;
        r->last -= b->first;
        r->first_from_here = first - b->first;
    }
}

static way choose_way(const block *b)
{
    if (b->states == 0 || !(b->latest > 0))
        return ALONE;
    const double states = (double)b->states, rows = b->row_count, length = b->last - b->first;
    const double times = (double)ptn_between_count(b->earliest, b->latest);
    const double on = on_steps.state * states + (on_steps.step + on_steps.row_step * rows) * length;
    const double between =
        between_steps.state * states + (between_steps.step + between_steps.row_step * rows) * times;
    const double lonely = alone.state * states;
    if (b->sample->step > 0 && length <= STEPS_MAX && on < between && on < lonely
        && ptn_table_fits(b->p, b->x_last, b->first * b->sample->step, b->last * b->sample->step))
        return ON_STEPS;
    if (between < lonely && ptn_between_fits(b->p, b->x_first, b->x_last, b->earliest, b->latest))
        return BETWEEN_STEPS;
    return ALONE;
}

static bool open_steps(block *b)
{
    const size_t count = b->last - b->first + (size_t)1;
    double *time = malloc(count * sizeof *time);
    for (size_t c = 0; time && c < count; c++)
        time[c] = (double)(b->first + c) * b->sample->step;
    const bool fine = time && ptn_table_open(&b->table, b->p, b->x_first, b->x_last, count, 0, time);
    free(time);
    return fine;
}

static void close_block(block *b)
{
    ptn_table_close(&b->table);
    ptn_between_close(&b->between);
}

/* The block after this one. False: out of memory. */
static bool next_block(block *b)
{
    close_block(b);
    gather(b);
    b->way = choose_way(b);
    if (b->way == ON_STEPS)
        return open_steps(b);
    if (b->way == BETWEEN_STEPS)
        return ptn_between_open(&b->between, b->p, b->x_first, b->x_last, b->earliest, b->latest);
    return true;
}

/* ---- the likelihood of a row ---- */

/* Like ptn_between_sum, at the steps themselves. */
static void sum_on_steps(block *b, const row *r, bool want_gradient, double *customers, double *log_chance)
{
    const ptn_sample *sample = b->sample;
    const uint32_t first = b->first;
    ptn_table_cell *cells = b->table.cells;
    ptn_table_step *steps = b->table.steps;
    double weights = 0, logs = 0, chance[BATCH];
    ptn_table_go_to(&b->table, r->x, r->first_from_here);
    ptn_table_sum(&b->table, r->first, r->last);
    for (size_t begin = r->begin, end; begin < r->end; begin = end) {
        end = r->end - begin > BATCH ? begin + BATCH : r->end;
        for (size_t i = begin; i < end;) {
            const uint32_t T = sample->T_step[i];
            const double still = steps[T - first].kept - cells[T - first].left;
            double ending = 0; /* sum of weight / chance */
            for (; i < end && sample->T_step[i] == T; i++) {
                ptn_table_cell *t_x = &cells[sample->t_x_step[i] - first];
                const double either = still + t_x->left, per_chance = sample->weight[i] / either;
                weights += sample->weight[i];
                t_x->by_left += per_chance;
                ending += per_chance;
                chance[i - begin] = either;
            }
            steps[T - first].by_kept += ending;
            cells[T - first].by_left -= ending;
        }
        logs += ptn_weighted_log_sum(end - begin, sample->weight + begin, chance);
    }
    if (want_gradient)
        ptn_table_back(&b->table, r->first, r->last);
    *customers = weights;
    *log_chance = logs;
}

static void add_row_alone(const ptn_rates *p, const ptn_sample *sample, const row *r, double *value,
                          double *gradient)
{
    for (size_t i = r->begin; i < r->end; i++) {
        const ptn_silence silence = ptn_silence_of(p, r->x, sample->t_x[i], sample->T[i]);
        *value += sample->weight[i] * silence.log_chance;
        for (unsigned k = 0; gradient && k < 4; k++)
            gradient[k] += sample->weight[i] * silence.by_log[k];
    }
}

static void add_row(block *b, const row *r, double *value, double *gradient)
{
    const ptn_rates *p = b->p;
    double customers = 0, log_chance = 0;
    if (r->few || b->way == ALONE) {
        add_row_alone(p, b->sample, r, value, gradient);
        for (size_t i = r->begin; i < r->end; i++)
            customers += b->sample->weight[i];
    } else if (b->way == ON_STEPS) {
        sum_on_steps(b, r, gradient != NULL, &customers, &log_chance);
        *value += log_chance + customers * ptn_table_ln_scale(&b->table);
    } else {
        ptn_between_sum(&b->between, b->sample, r->begin, r->end, gradient != NULL, &customers, &log_chance);
        *value += log_chance + customers * ptn_table_ln_scale(&b->between.table);
    }
    /* what all of them share: Gamma(r + x) / Gamma(r) alpha^-x */
    *value += customers * (ptn_lgamma_ratio(p->r, r->x) - r->x * log(p->alpha));
    if (gradient) {
        gradient[0] += customers * p->r * ptn_digamma_difference(p->r, r->x);
        gradient[1] -= customers * r->x;
    }
}

bool ptn_pareto_nbd_log_likelihood(const ptn_rates *p, const ptn_sample *sample, double *value,
                                   double *gradient)
{
    block b = {.p = p, .sample = sample};
    bool fine = true;
    *value = 0;
    for (unsigned k = 0; gradient && k < 4; k++)
        gradient[k] = 0;
    while (b.end < sample->n && (fine = next_block(&b))) {
        for (unsigned k = 0; k < b.row_count; k++)
            add_row(&b, &b.rows[k], value, gradient);
        if (gradient && b.way == ON_STEPS)
            ptn_table_gradient(&b.table, gradient);
        if (gradient && b.way == BETWEEN_STEPS)
            ptn_between_gradient(&b.between, gradient);
    }
    close_block(&b);
    return fine;
}

/* ---- the chance to be a customer still ---- */

static void p_alive_on_steps(block *b, const row *r, double *p_alive)
{
    ptn_table_go_to(&b->table, r->x, r->first_from_here);
    ptn_table_sum(&b->table, r->first, r->last);
    for (size_t i = r->begin; i < r->end; i++) {
        const uint32_t T = b->sample->T_step[i] - b->first, t_x = b->sample->t_x_step[i] - b->first;
        const double kept = b->table.steps[T].kept;
        p_alive[i] = kept / (kept + (b->table.cells[t_x].left - b->table.cells[T].left));
    }
}

bool ptn_pareto_nbd_p_alive(const ptn_rates *p, const ptn_sample *sample, double *p_alive)
{
    block b = {.p = p, .sample = sample};
    bool fine = true;
    while (b.end < sample->n && (fine = next_block(&b)))
        for (const row *r = b.rows; r < b.rows + b.row_count; r++) {
            if (!r->few && b.way == ON_STEPS)
                p_alive_on_steps(&b, r, p_alive);
            else if (!r->few && b.way == BETWEEN_STEPS)
                ptn_between_p_alive(&b.between, sample, r->begin, r->end, p_alive);
            else
                for (size_t i = r->begin; i < r->end; i++)
                    p_alive[i] = ptn_silence_of(p, r->x, sample->t_x[i], sample->T[i]).p_alive;
        }
    close_block(&b);
    return fine;
}
