#include "math/linear.h"

#include <math.h>

bool ptn_cholesky(unsigned n, double *a)
{
    for (unsigned j = 0; j < n; j++) {
        double *const row_j = a + j * n;
        double pivot = row_j[j];
        for (unsigned k = 0; k < j; k++)
            pivot -= row_j[k] * row_j[k];
        if (!(pivot > 0 && isfinite(pivot)))
            return false;
        row_j[j] = sqrt(pivot);
        for (unsigned i = j + 1; i < n; i++) {
            double sum = a[i * n + j];
            for (unsigned k = 0; k < j; k++)
                sum -= a[i * n + k] * row_j[k];
            a[i * n + j] = sum / row_j[j];
            row_j[i] = 0;
        }
    }
    return true;
}

void ptn_cholesky_solve(unsigned n, const double *factor, double *b)
{
    for (unsigned i = 0; i < n; i++) {
        for (unsigned k = 0; k < i; k++)
            b[i] -= factor[i * n + k] * b[k];
        b[i] /= factor[i * n + i];
    }
    for (unsigned i = n; i-- > 0;) {
        for (unsigned k = i + 1; k < n; k++)
            b[i] -= factor[k * n + i] * b[k];
        b[i] /= factor[i * n + i];
    }
}

void ptn_cholesky_inverse(unsigned n, const double *factor, double *inverse)
{
    for (unsigned i = 0; i < n; i++) { /* row i of a symmetric matrix is its column i */
        double *const row = inverse + i * n;
        for (unsigned j = 0; j < n; j++)
            row[j] = i == j;
        ptn_cholesky_solve(n, factor, row);
    }
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < i; j++)
            inverse[i * n + j] = inverse[j * n + i] = 0.5 * (inverse[i * n + j] + inverse[j * n + i]);
}

/* Turns rows and columns p, q so that a[p][q] becomes 0: Golub & Van Loan (2013), section 8.5.2. */
static void rotate(unsigned n, double *a, double *vectors, unsigned p, unsigned q)
{
    const double apq = a[p * n + q], theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
    const double t = copysign(1, theta) / (fabs(theta) + hypot(theta, 1)), c = 1 / hypot(t, 1), s = t * c;
    a[p * n + p] -= t * apq;
    a[q * n + q] += t * apq;
    a[p * n + q] = a[q * n + p] = 0;
    for (unsigned k = 0; k < n; k++) {
        if (k != p && k != q) {
            const double akp = a[k * n + p], akq = a[k * n + q];
            a[k * n + p] = a[p * n + k] = c * akp - s * akq;
            a[k * n + q] = a[q * n + k] = s * akp + c * akq;
        }
        if (vectors) {
            const double vkp = vectors[k * n + p], vkq = vectors[k * n + q];
            vectors[k * n + p] = c * vkp - s * vkq;
            vectors[k * n + q] = s * vkp + c * vkq;
        }
    }
}

static void swap(double *a, double *b)
{
    const double kept = *a;
    *a = *b;
    *b = kept;
}

void ptn_eigen_symmetric(unsigned n, double *a, double *values, double *vectors)
{
    enum { SWEEPS_MAX = 60 };
    if (vectors)
        for (unsigned i = 0; i < n * n; i++)
            vectors[i] = i / n == i % n;
    bool turned = true;
    for (int sweep = 0; turned && sweep < SWEEPS_MAX; sweep++) {
        turned = false;
        for (unsigned p = 0; p + 1 < n; p++)
            for (unsigned q = p + 1; q < n; q++) {
                /* relative to its own diagonal: small eigenvalues of a graded matrix keep their digits */
                const double scale = sqrt(fabs(a[p * n + p])) * sqrt(fabs(a[q * n + q]));
                if (fabs(a[p * n + q]) <= 1e-17 * scale || a[p * n + q] == 0)
                    continue;
                rotate(n, a, vectors, p, q);
                turned = true;
            }
    }
    for (unsigned i = 0; i < n; i++)
        values[i] = a[i * n + i];
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = i + 1; j < n; j++)
            if (values[j] < values[i]) {
                swap(values + i, values + j);
                for (unsigned k = 0; vectors && k < n; k++)
                    swap(vectors + k * n + i, vectors + k * n + j);
            }
}
