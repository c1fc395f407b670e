#include "forecast/pareto_nbd_table.h"

#include <stdlib.h>
#include <string.h>

#include "math/vector.h"

static const double ln_range = 650; /* kept and left lie within e^-650 .. e^650 */

/* Where, for large x, half of the fall is past. */
static double reference_between(const ptn_rates *p, double begin, double end)
{
    const double a = p->alpha + begin;
    return begin + a * expm1(0.5 * log1p((end - begin) / a));
}

/* ln of kept, x purchases, over that at the reference. */
static double ln_kept(const ptn_rates *p, double x, double reference, double time)
{
    const double more = time - reference;
    return -(p->r + x) * log1p(more / (p->alpha + reference)) - p->s * log1p(more / (p->beta + reference));
}

bool ptn_table_fits(const ptn_rates *p, double x_last, double begin, double end)
{
    const double reference = reference_between(p, begin, end);
    return ln_kept(p, x_last, reference, begin) < ln_range && ln_kept(p, x_last, reference, end) > -ln_range;
}

double ptn_table_ln_scale(const ptn_table *table)
{
    const ptn_rates *p = table->p;
    return -(p->r + table->x) * log1p(table->reference / p->alpha) - p->s * log1p(table->reference / p->beta);
}

/* The rule for the stretch from a step to the next, good for all x up to x_last. */
static ptn_rule rule_of(const ptn_clock *clock, double width, double length, double more_x)
{
    const double far = fmin(width, length / clock->far); /* ln(1 + length / far) at most */
    const double fall = clock->near_power * width + clock->far_power * far;
    return ptn_rule_for(width, fall + more_x * (clock->buying_near ? width : far));
}

static bool lay_steps(ptn_table *table, size_t count, const double *time, double x_last)
{
    const ptn_rates *p = table->p;
    const double scale = ptn_table_ln_scale(table);
    double *room = calloc(4 * count, sizeof *room);
    double *const ln_buying = room, *const ln_leaving = room + count;
    double *const width = room + 2 * count, *const kept = room + 3 * count;
    table->cells = calloc(count, sizeof *table->cells);
    table->steps = calloc(count, sizeof *table->steps);
    if (!room || !table->cells || !table->steps) {
        free(room);
        return false;
    }
    for (size_t c = 0; c < count; c++) {
        ln_buying[c] = time[c] / p->alpha;
        ln_leaving[c] = time[c] / p->beta;
        width[c] = c + 1 < count ? (time[c + 1] - time[c]) / (fmin(p->alpha, p->beta) + time[c]) : 0;
    }
    ptn_log1ps(3 * count, room, room);
    for (size_t c = 0; c < count; c++)
        kept[c] = -scale - (p->r + table->x) * ln_buying[c] - p->s * ln_leaving[c];
    ptn_exps(count, kept, kept);
    for (size_t c = 0; c < count; c++) {
        ptn_table_step *at = &table->steps[c];
        const ptn_clock clock = ptn_clock_from(p, table->x, time[c]);
        at->time = time[c];
        at->ln_buying = ln_buying[c];
        at->ln_leaving = ln_leaving[c];
        at->kept = kept[c];
        at->ratio = (p->alpha + table->reference) / (p->alpha + time[c]);
        at->node = table->node_count;
        at->width = width[c];
        if (c + 1 == count)
            break;
        at->rule = rule_of(&clock, width[c], time[c + 1] - time[c], x_last - table->x);
        table->node_count += at->rule.pieces * at->rule.n;
    }
    table->step_count = count;
    free(room);
    return true;
}

static bool reserve_nodes(ptn_table *table)
{
    const size_t room = table->node_count + 1; /* malloc(0) may be NULL */
    table->nodes = malloc(room * sizeof *table->nodes);
    table->integrand = malloc(room * sizeof *table->integrand);
    table->ratio = malloc(room * sizeof *table->ratio);
    table->open = malloc(room * sizeof *table->open);
    table->open_x = malloc(room * sizeof *table->open_x);
    return table->nodes && table->integrand && table->ratio && table->open && table->open_x;
}

/* All nodes at once, as ptn_clock_look lays those of one piece. Sums that are still to come lend their
 * room. */
static bool lay_nodes(ptn_table *table)
{
    const ptn_rates *p = table->p;
    if (!reserve_nodes(table))
        return false;
    double *const v = table->ratio, *const u = table->open, *const ln_far = table->open_x,
                  *const kept = table->open_x;
    size_t q = 0;
    for (const ptn_table_step *at = table->steps; q < table->node_count; at++)
        for (unsigned piece = 0; piece < at->rule.pieces; piece++)
            for (unsigned k = 0; k < at->rule.n; k++)
                v[q++] = (piece + at->rule.node[k].at) * (at->width / at->rule.pieces);
    ptn_expm1s(table->node_count, v, u);
    q = 0;
    for (const ptn_table_step *at = table->steps; q < table->node_count; at++) {
        const ptn_clock clock = ptn_clock_from(p, table->x, at->time);
        for (; q < at[1].node; q++) {
            u[q] *= clock.near;
            ln_far[q] = u[q] / clock.far;
        }
    }
    ptn_log1ps(table->node_count, ln_far, ln_far);
    q = 0;
    for (const ptn_table_step *at = table->steps; q < table->node_count; at++) {
        const ptn_clock clock = ptn_clock_from(p, table->x, at->time);
        const double scale = at->width / at->rule.pieces * clock.s * at->kept;
        for (unsigned k = 0; q < at[1].node; q++, k = k + 1 < at->rule.n ? k + 1 : 0) {
            const double time = at->time + u[q], ln_near = v[q];
            table->integrand[q] = at->rule.node[k].weight * scale;
            if (clock.buying_near)
                table->integrand[q] *= (clock.near + u[q]) / (clock.far + u[q]);
            table->nodes[q].ln_buying = at->ln_buying + (clock.buying_near ? ln_near : ln_far[q]);
            table->nodes[q].ln_leaving = at->ln_leaving + (clock.buying_near ? ln_far[q] : ln_near);
            table->nodes[q].share = time / (p->alpha + time);
            table->ratio[q] = (p->alpha + table->reference) / (p->alpha + time);
            kept[q] = -clock.near_power * ln_near - clock.far_power * ln_far[q];
        }
    }
    ptn_exps(table->node_count, kept, kept);
    for (q = 0; q < table->node_count; q++)
        table->integrand[q] *= kept[q];
    memset(table->open, 0, table->node_count * sizeof *table->open);
    memset(table->open_x, 0, table->node_count * sizeof *table->open_x);
    return true;
}

bool ptn_table_open(ptn_table *table, const ptn_rates *p, double x_first, double x_last, size_t count,
                    size_t beyond, const double *time)
{
    *table = (ptn_table){
        .p = p, .x = x_first, .reference = reference_between(p, time[0], time[count - 1 - beyond])};
    return lay_steps(table, count, time, x_last) && lay_nodes(table);
}

void ptn_table_close(ptn_table *table)
{
    free(table->cells);
    free(table->steps);
    free(table->nodes);
    free(table->integrand);
    free(table->ratio);
    free(table->open);
    free(table->open_x);
    *table = (ptn_table){0};
}

void ptn_table_go_to(ptn_table *table, double x, size_t from)
{
    double *restrict integrand = table->integrand;
    const double *restrict ratio = table->ratio;
    for (; table->x < x; table->x++) {
        for (size_t c = from; c < table->step_count; c++)
            table->steps[c].kept *= table->steps[c].ratio;
        for (size_t q = table->steps[from].node; q < table->node_count; q++)
            integrand[q] *= ratio[q];
    }
}

void ptn_table_sum(ptn_table *table, size_t first, size_t last)
{
    double left = 0;
    table->cells[last].left = 0;
    for (size_t c = last, q = table->steps[c].node;
         c-- > first;) { /* from the far end, where it is smallest */
        double here = 0;
        for (const size_t begin = table->steps[c].node; q > begin; q--)
            here += table->integrand[q - 1];
        table->cells[c].left = left += here;
    }
}

void ptn_table_back(ptn_table *table, size_t first, size_t last)
{
    const double buy = table->p->r + table->x;
    const double *restrict integrand = table->integrand;
    double *restrict open = table->open, *restrict open_x = table->open_x;
    double by_integrand = 0; /* that at y is part of every left(t), t <= y */
    for (size_t c = first; c <= last; c++) {
        ptn_table_step *at = &table->steps[c];
        ptn_table_cell *cell = &table->cells[c];
        by_integrand += cell->by_left;
        at->kept_sum += at->by_kept * at->kept;
        at->kept_x_sum += at->by_kept * at->kept * buy;
        at->both_sum += (at->by_kept + cell->by_left) * at->kept;
        at->by_kept = cell->by_left = 0;
        for (size_t q = at->node, end = c < last ? at[1].node : q; q < end; q++) {
            const double f = by_integrand * integrand[q];
            open[q] += f;
            open_x[q] += f * buy;
        }
    }
}

/* As in ptn_silence_of: by ln beta left(t) has s y / (beta + y) kept(y) at y = t, less what it has by ln
 * alpha; and less the same at the last time, which cancels between left(t_x) and left(T). */
void ptn_table_gradient(const ptn_table *table, double *gradient)
{
    const ptn_rates *p = table->p;
    double by_r = 0, by_alpha = 0, by_s = 0, by_beta = 0, left = 0, left_share = 0;
    for (size_t c = 0; c < table->step_count; c++) {
        const ptn_table_step *at = &table->steps[c];
        by_r -= at->kept_sum * at->ln_buying;
        by_alpha += at->kept_x_sum * (at->time / (p->alpha + at->time));
        by_s -= at->kept_sum * at->ln_leaving;
        by_beta += at->both_sum * (at->time / (p->beta + at->time));
    }
    for (size_t q = 0; q < table->node_count; q++) {
        left += table->open[q];
        left_share += table->open_x[q] * table->nodes[q].share;
        by_r -= table->open[q] * table->nodes[q].ln_buying;
        by_s -= table->open[q] * table->nodes[q].ln_leaving;
    }
    gradient[0] += p->r * by_r;
    gradient[1] += by_alpha + left_share;
    gradient[2] += left + p->s * by_s;
    gradient[3] += p->s * by_beta - left_share;
}
