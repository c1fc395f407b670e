#include "forecast/pareto_nbd_table.h"

#include <stdlib.h>

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

/* The rule for the stretch from one step to the next, good for all x up to x_last. */
static void choose_rule(const ptn_table *table, ptn_table_step *at, double length, double x_last)
{
    const ptn_clock clock = ptn_clock_from(table->p, table->x, at->time);
    const double more = x_last - table->x, near = log1p(length / clock.near);
    const double far = fmin(near, length / clock.far); /* ln(1 + length / far) at most */
    at->width = near;
    at->rule = ptn_rule_for(near, clock.near_power * near + clock.far_power * far
                                      + more * (clock.buying_near ? near : far));
}

static bool lay_steps(ptn_table *table, size_t count, const double *time, double x_last)
{
    const ptn_rates *p = table->p;
    const double buy = p->r + table->x, ln_buying = log1p(table->reference / p->alpha);
    const double ln_leaving = log1p(table->reference / p->beta);
    table->cells = calloc(count, sizeof *table->cells);
    table->steps = calloc(count, sizeof *table->steps);
    if (!table->cells || !table->steps)
        return false;
    table->step_count = count;
    for (size_t c = 0; c < count; c++) {
        ptn_table_step *at = &table->steps[c];
        at->time = time[c];
        at->ln_buying = log1p(time[c] / p->alpha);
        at->ln_leaving = log1p(time[c] / p->beta);
        at->kept = exp(buy * (ln_buying - at->ln_buying) + p->s * (ln_leaving - at->ln_leaving));
        at->ratio = (p->alpha + table->reference) / (p->alpha + time[c]);
        at->node = table->node_count;
        if (c + 1 == count)
            break;
        choose_rule(table, at, time[c + 1] - time[c], x_last);
        table->node_count += at->rule.pieces * at->rule.n;
    }
    return true;
}

static bool lay_nodes(ptn_table *table)
{
    const ptn_rates *p = table->p;
    const size_t room = table->node_count + 1; /* malloc(0) may be NULL */
    table->nodes = malloc(room * sizeof *table->nodes);
    table->integrand = malloc(room * sizeof *table->integrand);
    table->ratio = malloc(room * sizeof *table->ratio);
    table->open = calloc(room, sizeof *table->open);
    table->open_x = calloc(room, sizeof *table->open_x);
    if (!table->nodes || !table->integrand || !table->ratio || !table->open || !table->open_x)
        return false;
    for (size_t c = 0, q = 0; c + 1 < table->step_count; c++) {
        const ptn_table_step *at = &table->steps[c];
        const ptn_clock clock = ptn_clock_from(p, table->x, at->time);
        const double width = at->width / at->rule.pieces, scale = width * at->kept;
        for (unsigned piece = 0; piece < at->rule.pieces; piece++)
            for (unsigned k = 0; k < at->rule.n; k++, q++) {
                const ptn_moment m = ptn_moment_at(&clock, (piece + at->rule.node[k].at) * width);
                const double time = at->time + m.u, a = p->alpha + time;
                table->integrand[q] = at->rule.node[k].weight * scale * m.leaving_density * exp(-m.fall);
                table->ratio[q] = (p->alpha + table->reference) / a;
                table->nodes[q].ln_buying = at->ln_buying + m.ln_buying;
                table->nodes[q].ln_leaving = at->ln_leaving + m.ln_leaving;
                table->nodes[q].share = time / a;
            }
    }
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
    table->steps[last].both_sum -= by_integrand * table->steps[last].kept;
}

/* As in ptn_silence_of: by ln beta left(t) has s y / (beta + y) kept(y) at y = t less that at the last
 * time, less what it has by ln alpha. */
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
