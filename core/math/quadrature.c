#include "math/quadrature.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>

/* Golub & Welsch (1969), Calculation of Gauss quadrature rules, Math. Comp. 23: the nodes are the eigenvalues
 * of the Jacobi matrix J. On (0, ∞) J = L Lᵀ, J[i][i] = q[i] + e[i-1], J[i][i+1]² = q[i] e[i], all q, e > 0.
 * From these, rather than from J, Sturm counts are exact to a few ulp (Fernando & Parlett 1994, Accurate
 * singular values and differential qd algorithms, Numer. Math. 67): nodes next to 0 keep all their digits. */
typedef struct jacobi {
    unsigned n;
    double q[PTN_GAUSS_MAX], e[PTN_GAUSS_MAX];
} jacobi;

/* Pivots of J - x. Returns how many are negative (the eigenvalues below x); *log_slope is d ln |det(J - x)| /
 * dx. */
static unsigned pivots(const jacobi *j, double x, double *pivot, double *log_slope)
{
    unsigned below = 0;
    double s = -x, ds = -1, sum = 0;
    for (unsigned i = 0; i < j->n; i++) {
        double d = s + j->q[i];
        if (d == 0)
            d = DBL_EPSILON * DBL_EPSILON * j->q[i];
        pivot[i] = d;
        below += d < 0;
        sum += ds / d;
        const double ratio = j->e[i] / d;
        ds = ds * ratio * (j->q[i] / d) - 1;
        s = s * ratio - x;
    }
    *log_slope = sum;
    return below;
}

static void gauss(const jacobi *j, double above, double *node, double *weight)
{
    const unsigned n = j->n;
    double low[PTN_GAUSS_MAX], high[PTN_GAUSS_MAX], pivot[PTN_GAUSS_MAX], slope, total = 0;
    pivots(j, 0, pivot, &slope); /* -slope = Σ 1 / node */
    for (unsigned k = 0; k < n; k++) {
        low[k] = -1 / slope;
        high[k] = above;
    }
    high[0] = fmin(above, -(double)n / slope);
    for (unsigned k = 0; k < n; k++) {
        double x = k ? sqrt(low[k]) * sqrt(high[k]) : low[0];
        for (int i = 0; i < 5000; i++) {
            const unsigned below = pivots(j, x, pivot, &slope);
            for (unsigned m = k; m < n; m++) {
                if (m < below)
                    high[m] = fmin(high[m], x);
                else
                    low[m] = fmax(low[m], x);
            }
            /* Newton's step once the interval holds node k alone; before, halve its logarithm: nodes span
             * powers of 10 */
            const bool alone = (k == 0 || low[k] >= high[k - 1]) && (k == n - 1 || high[k] <= low[k + 1]);
            const double newton = x - 1 / slope;
            if ((alone && fabs(newton - x) <= DBL_EPSILON / 2 * x) || !(high[k] - low[k] > DBL_EPSILON * x))
                break;
            const double middle =
                high[k] > 2 * low[k] ? sqrt(low[k]) * sqrt(high[k]) : 0.5 * (low[k] + high[k]);
            x = alone && newton > low[k] && newton < high[k] ? newton : middle;
        }
        node[k] = x;
        /* 1 / weight = 1 + Σ p_m(x)², p_m orthonormal: p_m² / p_(m-1)² = pivot² / (q e) */
        double square = 1, sum = 1;
        for (unsigned m = 0; m + 1 < n; m++) {
            square *= pivot[m] / j->q[m] * (pivot[m] / j->e[m]);
            sum += square;
        }
        weight[k] = 1 / sum;
        total += weight[k];
    }
    for (unsigned k = 0; k < n; k++)
        weight[k] /= total;
}

/* q and e from the canonical moments p_1, p_2, … of Beta(a, b): ζ_k = (1 - p_(k-1)) p_k (Dette & Studden
 * 1997). */
void ptn_gauss_beta(unsigned n, double a, double b, double *node, double *weight)
{
    assert(n >= 1 && n <= PTN_GAUSS_MAX && a > 0 && b > 0);
    jacobi j = {.n = n};
    double rest = 1; /* 1 - p_(k-1) */
    for (unsigned i = 0; i < n; i++) {
        const double odd = a + b + 2 * i, even = odd + 1;
        j.q[i] = rest * ((a + i) / odd);
        j.e[i] = (b + i) / odd * ((i + 1) / even);
        rest = (a + b + i) / even;
    }
    gauss(&j, 1, node, weight);
    for (unsigned k = 0; k < n; k++)
        node[k] = fmin(node[k], 1 - DBL_EPSILON / 2);
}

void ptn_gauss_legendre(unsigned n, double *node, double *weight)
{
    ptn_gauss_beta(n, 1, 1, node, weight);
    for (unsigned k = 0; k < n / 2; k++) {
        node[n - 1 - k] = 1 - node[k];
        weight[n - 1 - k] = weight[k];
    }
    if (n % 2)
        node[n / 2] = 0.5;
}

void ptn_gauss_gamma(unsigned n, double shape, double *node, double *weight)
{
    assert(n >= 1 && n <= PTN_GAUSS_MAX && shape > 0);
    jacobi j = {.n = n};
    for (unsigned i = 0; i < n; i++) {
        j.q[i] = shape + i;
        j.e[i] = i + 1;
    }
    double above = 0; /* Gershgorin */
    for (unsigned i = 0; i < n; i++) {
        const double left = i ? sqrt(j.q[i - 1] * j.e[i - 1]) + j.e[i - 1] : 0;
        above = fmax(above, left + j.q[i] + sqrt(j.q[i] * j.e[i]));
    }
    gauss(&j, above, node, weight);
}
