/* The sample is walked in blocks of up to ROWS values of x. In a block, with kept(y) as in pareto_nbd_integral.h, from time 0
 * on but scaled to be 1 at a reference time in its middle,
 *
 *     left(t) = integral from t to the block's last time of s / (beta + y) kept(y) dy,
 *     chance of a state = kept(T) + left(t_x) - left(T).
 *
 * Going from one x to the next multiplies kept by (alpha + reference) / (alpha + y): there are no exponentials but at the
 * start of a block.
 *
 * The gradient is taken backwards. The sum over states of weight × ln chance depends on the integrand at y through the
 * states with t_x <= y < T; the sum of their weight / chance, `open`, is a running sum over time of what starts at t_x and
 * ends at T. The derivatives of the integrand itself bring down logs and shares that are the same for all x, so they wait
 * until the end of the block. */
#include "forecast/pareto_nbd_grid.h"

#include <stdlib.h>

#include "math/gamma.h"
#include "math/vector.h"

enum { ROWS = 64, STEPS_MAX = 1 << 18, BATCH = 512 };

static const double ln_range = 650; /* kept and left of a block lie within e^-650 .. e^650 */

/* A value of x and its states. Steps are counted from the block's first. */
typedef struct row {
    double x;
    size_t begin, end;
    bool alone;               /* too few states for a table */
    uint32_t first, last;     /* the earliest t_x and the latest T */
    uint32_t first_from_here; /* the earliest t_x of this and the later rows */
} row;

/* What a state looks up by its t_x. */
typedef struct cell {
    double left;
    double starting; /* of this row: sum of weight / chance over states with this t_x */
} cell;

typedef struct step {
    double kept, ratio; /* of this row; what the next x multiplies it by */
    double ending;      /* of this row: sum of weight / chance over states with this T */
    double starting_kept, ending_kept, ending_kept_x; /* over all rows: × kept, × kept × (r + x) */
    double time, ln_buying, ln_leaving;               /* the logs are of 1 + time / alpha, 1 + time / beta */
    ptn_rule rule;                                    /* of the stretch to the next step, */
    size_t node;                                      /* whose nodes begin here */
    double width;
} step;

typedef struct node {
    double ln_buying, ln_leaving, share; /* share of time in alpha + time */
} node;

typedef struct block {
    const ptn_rates *p;
    const ptn_sample *sample;
    row rows[ROWS];
    unsigned row_count;
    size_t states;          /* of rows with a table */
    double x_first, x_last; /* of the same */
    uint32_t first, last;   /* of the same; steps of the sample's grid */
    double reference;       /* the time at which kept is scaled to 1 */
    size_t step_count, node_count;
    cell *cells;
    step *steps;
    node *nodes;
    double *integrand, *ratio; /* of every node: weight × density of leaving × kept, of this row; as in steps */
    double *open, *open_x;     /* of every node, over all rows: open × integrand, × integrand × (r + x) */
} block;

/* ---- which states make a block ---- */

/* A state alone takes as long as about ten steps of a row's table, or as laying out four steps of a block. */
enum { STEPS_OF_ROW = 100, STEPS_OF_BLOCK = 4 };

static row row_from(const ptn_sample *sample, size_t begin)
{
    row r = {.x = sample->x[begin], .begin = begin, .end = ptn_sample_next_x(sample, begin), .first = UINT32_MAX};
    if (!(sample->step > 0)) {
        r.alone = true;
        return r;
    }
    for (size_t i = r.begin; i < r.end; i++)
        r.first = sample->t_x_step[i] < r.first ? sample->t_x_step[i] : r.first;
    r.last = sample->T_step[r.end - 1];
    r.alone = (r.end - r.begin) * STEPS_OF_ROW < r.last - r.first;
    return r;
}

/* The rows from state `begin` on. Returns the state after them. */
static size_t gather(block *b, size_t begin)
{
    const ptn_sample *sample = b->sample;
    const double x_end = sample->x[begin] + ROWS;
    size_t end = begin;
    b->row_count = 0;
    b->states = 0;
    b->first = UINT32_MAX;
    b->last = 0;
    while (end < sample->n && sample->x[end] < x_end) {
        const row r = b->rows[b->row_count++] = row_from(sample, end);
        end = r.end;
        if (r.alone)
            continue;
        b->x_first = b->states ? b->x_first : r.x;
        b->x_last = r.x;
        b->states += r.end - r.begin;
        b->first = r.first < b->first ? r.first : b->first;
        b->last = r.last > b->last ? r.last : b->last;
    }
    uint32_t first = UINT32_MAX;
    for (unsigned k = b->row_count; k-- > 0;) {
        row *r = &b->rows[k];
        if (r->alone)
            continue;
        first = r->first < first ? r->first : first;
        r->first -= b->first;
        r->last -= b->first;
        r->first_from_here = first - b->first;
    }
    return end;
}

/* ln of kept at y with the block's highest x. */
static double ln_kept_at_last(const block *b, double y)
{
    const ptn_rates *p = b->p;
    const double more = y - b->reference;
    return -(p->r + b->x_last) * log1p(more / (p->alpha + b->reference)) - p->s * log1p(more / (p->beta + b->reference));
}

/* Whether the block gets tables at all. Sets the reference: where, for large x, half of the fall is past. */
static bool grid_pays(block *b)
{
    const size_t length = b->last - b->first;
    if (b->states == 0 || length > STEPS_MAX || length > b->states * STEPS_OF_BLOCK)
        return false;
    const double begin = b->first * b->sample->step, end = b->last * b->sample->step, a = b->p->alpha + begin;
    b->reference = begin + a * expm1(0.5 * log1p((end - begin) / a));
    return ln_kept_at_last(b, begin) < ln_range && ln_kept_at_last(b, end) > -ln_range;
}

/* ---- tables of a block ---- */

static bool lay_steps(block *b)
{
    const ptn_rates *p = b->p;
    const double length = b->sample->step, buy = p->r + b->x_first, more = b->x_last - b->x_first;
    const double ln_buying = log1p(b->reference / p->alpha), ln_leaving = log1p(b->reference / p->beta);
    b->step_count = b->last - b->first + (size_t)1;
    b->node_count = 0;
    b->cells = calloc(b->step_count, sizeof *b->cells);
    b->steps = calloc(b->step_count, sizeof *b->steps);
    if (!b->cells || !b->steps)
        return false;
    for (size_t c = 0; c < b->step_count; c++) {
        step *at = &b->steps[c];
        at->time = (double)(b->first + c) * length;
        at->ln_buying = log1p(at->time / p->alpha);
        at->ln_leaving = log1p(at->time / p->beta);
        at->kept = exp(buy * (ln_buying - at->ln_buying) + p->s * (ln_leaving - at->ln_leaving));
        at->ratio = (p->alpha + b->reference) / (p->alpha + at->time);
        at->node = b->node_count;
        if (c + 1 == b->step_count)
            break;
        const ptn_clock clock = ptn_clock_from(p, b->x_first, at->time);
        at->width = log1p(length / clock.near);
        const double near = at->width, far = fmin(at->width, length / clock.far); /* log1p(length / far) at most */
        const double fall = clock.near_power * near + clock.far_power * far + more * (clock.buying_near ? near : far);
        at->rule = ptn_rule_for(at->width, fall);
        b->node_count += at->rule.pieces * at->rule.n;
    }
    return true;
}

static bool lay_nodes(block *b)
{
    const ptn_rates *p = b->p;
    b->nodes = malloc((b->node_count + 1) * sizeof *b->nodes);
    b->integrand = malloc((b->node_count + 1) * sizeof *b->integrand);
    b->ratio = malloc((b->node_count + 1) * sizeof *b->ratio);
    b->open = calloc(b->node_count + 1, sizeof *b->open);
    b->open_x = calloc(b->node_count + 1, sizeof *b->open_x);
    if (!b->nodes || !b->integrand || !b->ratio || !b->open || !b->open_x)
        return false;
    for (size_t c = 0, q = 0; c + 1 < b->step_count; c++) {
        const step *at = &b->steps[c];
        const ptn_clock clock = ptn_clock_from(p, b->x_first, at->time);
        const double width = at->width / at->rule.pieces;
        for (unsigned piece = 0; piece < at->rule.pieces; piece++)
            for (unsigned k = 0; k < at->rule.n; k++, q++) {
                const ptn_moment m = ptn_moment_at(&clock, (piece + at->rule.node[k].at) * width);
                const double y = at->time + m.u;
                b->integrand[q] = at->rule.node[k].weight * width * m.leaving_density * at->kept * exp(-m.fall);
                b->ratio[q] = (p->alpha + b->reference) / (p->alpha + y);
                b->nodes[q] = (node){at->ln_buying + m.ln_buying, at->ln_leaving + m.ln_leaving, y / (p->alpha + y)};
            }
    }
    return true;
}

static void clear(block *b)
{
    free(b->cells);
    free(b->steps);
    free(b->nodes);
    free(b->integrand);
    free(b->ratio);
    free(b->open);
    free(b->open_x);
    b->cells = NULL;
    b->steps = NULL;
    b->nodes = NULL;
    b->integrand = b->ratio = b->open = b->open_x = NULL;
}

/* From the row before, whose x was `ago` less, to row r. */
static void tabulate(block *b, const row *r, unsigned ago)
{
    const size_t from = r->first_from_here, nodes = b->node_count;
    double *restrict integrand = b->integrand;
    const double *restrict ratio = b->ratio;
    for (; ago > 0; ago--) {
        for (size_t c = from; c < b->step_count; c++)
            b->steps[c].kept *= b->steps[c].ratio;
        for (size_t q = b->steps[from].node; q < nodes; q++)
            integrand[q] *= ratio[q];
    }
    double left = 0;
    b->cells[r->last].left = 0;
    for (size_t c = r->last, q = b->steps[c].node; c-- > r->first;) {
        double here = 0;
        for (const size_t begin = b->steps[c].node; q > begin; q--)
            here += integrand[q - 1];
        b->cells[c].left = left += here;
    }
}

/* ---- the likelihood of a block ---- */

/* Sums of weight and weight × ln chance over a row; weight / chance goes where the gradient finds it. */
static void sum_row(block *b, const row *r, double *customers, double *log_chance)
{
    const ptn_sample *sample = b->sample;
    const uint32_t first = b->first;
    cell *cells = b->cells;
    double weights = 0, logs = 0, chance[BATCH];
    for (size_t begin = r->begin, end; begin < r->end; begin = end) {
        end = r->end - begin > BATCH ? begin + BATCH : r->end;
        for (size_t i = begin; i < end;) {
            const uint32_t T = sample->T_step[i];
            const double still = b->steps[T - first].kept - cells[T - first].left;
            double ending = 0;
            for (; i < end && sample->T_step[i] == T; i++) {
                cell *last = &cells[sample->t_x_step[i] - first];
                const double either = still + last->left, per_chance = sample->weight[i] / either;
                weights += sample->weight[i];
                last->starting += per_chance;
                ending += per_chance;
                chance[i - begin] = either;
            }
            b->steps[T - first].ending += ending;
        }
        logs += ptn_weighted_log_sum(end - begin, sample->weight + begin, chance);
    }
    *customers = weights;
    *log_chance = logs;
}

/* Adds the row's share to the sums that wait for the logs, and clears its own. */
static void go_back(block *b, const row *r)
{
    const double buy = b->p->r + r->x;
    double *restrict open = b->open, *restrict open_x = b->open_x;
    const double *restrict integrand = b->integrand;
    double now_open = 0;
    for (size_t c = r->first; c <= r->last; c++) {
        step *at = &b->steps[c];
        cell *last = &b->cells[c];
        now_open += last->starting - at->ending;
        at->starting_kept += last->starting * at->kept;
        at->ending_kept += at->ending * at->kept;
        at->ending_kept_x += at->ending * at->kept * buy;
        last->starting = at->ending = 0;
        const size_t end = c < r->last ? at[1].node : at->node;
        for (size_t q = at->node; q < end; q++) {
            const double f = now_open * integrand[q];
            open[q] += f;
            open_x[q] += f * buy;
        }
    }
}

/* Derivatives of ln chance as in ptn_silence_of. */
static void add_gradient(const block *b, double *gradient)
{
    const ptn_rates *p = b->p;
    double by_r = 0, by_alpha = 0, by_s = 0, by_beta = 0;
    for (size_t c = 0; c < b->step_count; c++) {
        const step *at = &b->steps[c];
        by_r -= at->ending_kept * at->ln_buying;
        by_alpha += at->ending_kept_x * (at->time / (p->alpha + at->time));
        by_s -= at->ending_kept * at->ln_leaving;
        by_beta += at->starting_kept * (at->time / (p->beta + at->time));
    }
    double left = 0, left_share = 0;
    for (size_t q = 0; q < b->node_count; q++) {
        left += b->open[q];
        left_share += b->open_x[q] * b->nodes[q].share;
        by_r -= b->open[q] * b->nodes[q].ln_buying;
        by_s -= b->open[q] * b->nodes[q].ln_leaving;
    }
    gradient[0] += p->r * by_r;
    gradient[1] += by_alpha + left_share;
    gradient[2] += left + p->s * by_s;
    gradient[3] += p->s * by_beta - left_share;
}

/* What all states with x share: Gamma(r + x) / Gamma(r) alpha^-x. */
static void add_shared(const ptn_rates *p, double x, double customers, double *value, double *gradient)
{
    *value += customers * (ptn_lgamma_ratio(p->r, x) - x * log(p->alpha));
    if (gradient) {
        gradient[0] += customers * p->r * ptn_digamma_difference(p->r, x);
        gradient[1] -= customers * x;
    }
}

static void add_row_alone(const ptn_rates *p, const ptn_sample *sample, const row *r, double *value, double *gradient)
{
    double customers = 0;
    for (size_t i = r->begin; i < r->end; i++) {
        const ptn_silence silence = ptn_silence_of(p, r->x, sample->t_x[i], sample->T[i]);
        customers += sample->weight[i];
        *value += sample->weight[i] * silence.log_chance;
        for (unsigned k = 0; gradient && k < 4; k++)
            gradient[k] += sample->weight[i] * silence.by_log[k];
    }
    add_shared(p, r->x, customers, value, gradient);
}

static void add_row(block *b, const row *r, double *value, double *gradient)
{
    const ptn_rates *p = b->p;
    const double at_reference = (p->r + r->x) * log1p(b->reference / p->alpha) + p->s * log1p(b->reference / p->beta);
    double customers, log_chance;
    sum_row(b, r, &customers, &log_chance);
    *value += log_chance - customers * at_reference;
    add_shared(p, r->x, customers, value, gradient);
    if (gradient)
        go_back(b, r);
}

bool ptn_pareto_nbd_log_likelihood(const ptn_rates *p, const ptn_sample *sample, double *value, double *gradient)
{
    block b = {.p = p, .sample = sample};
    bool fine = true;
    *value = 0;
    for (unsigned k = 0; gradient && k < 4; k++)
        gradient[k] = 0;
    for (size_t i = 0; fine && i < sample->n;) {
        i = gather(&b, i);
        const bool tables = grid_pays(&b);
        double x = b.x_first;
        fine = !tables || (lay_steps(&b) && lay_nodes(&b));
        for (const row *r = b.rows; fine && r < b.rows + b.row_count; r++) {
            if (!tables || r->alone) {
                add_row_alone(p, sample, r, value, gradient);
                continue;
            }
            tabulate(&b, r, (unsigned)(r->x - x));
            add_row(&b, r, value, gradient);
            x = r->x;
        }
        if (fine && tables && gradient)
            add_gradient(&b, gradient);
        clear(&b);
    }
    return fine;
}

/* ---- the chance to be a customer still ---- */

static double p_alive_of(const block *b, size_t state)
{
    const uint32_t T = b->sample->T_step[state] - b->first, t_x = b->sample->t_x_step[state] - b->first;
    const double kept = b->steps[T].kept;
    return kept / (kept - b->cells[T].left + b->cells[t_x].left);
}

bool ptn_pareto_nbd_p_alive(const ptn_rates *p, const ptn_sample *sample, double *p_alive)
{
    block b = {.p = p, .sample = sample};
    bool fine = true;
    for (size_t i = 0; fine && i < sample->n;) {
        i = gather(&b, i);
        const bool tables = grid_pays(&b);
        double x = b.x_first;
        fine = !tables || (lay_steps(&b) && lay_nodes(&b));
        for (const row *r = b.rows; fine && r < b.rows + b.row_count; r++) {
            const bool table = tables && !r->alone;
            if (table) {
                tabulate(&b, r, (unsigned)(r->x - x));
                x = r->x;
            }
            for (size_t k = r->begin; k < r->end; k++)
                p_alive[k] = table ? p_alive_of(&b, k) : ptn_silence_of(p, r->x, sample->t_x[k], sample->T[k]).p_alive;
        }
        clear(&b);
    }
    return fine;
}
