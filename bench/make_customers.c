/* Simulated customers, one row each, for every program that is compared:
 *
 *     build/bench/make_customers weekly|daily|dense N SEED FILE
 *
 * FILE receives three arrays of N doubles, one after another: frequency, recency and age, in whole days. The same kind, number
 * and seed give the same bytes. */
#include <math.h>

#include "base/random.h"
#include "shops.h"

enum { PORTION = 1000000 };

static void draw(const shop *s, size_t from, size_t n, uint64_t seed, double *const *out)
{
    patron_error err = {0};
    const uint64_t portion = seed * 1000003 + from / PORTION;
    ptn_random random = ptn_random_open(portion, UINT64_MAX);
    for (size_t i = 0; i < n; i++)
        out[2][from + i] = s->youngest + floor((s->oldest - s->youngest + 1) * ptn_draw_uniform(&random));
    must(patron_model_simulate(patron_model_find("pareto_nbd"), s->parameters, n, out[2] + from, 0, 1, portion, out[0] + from,
                               out[1] + from, NULL, &err),
         &err);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: make_customers weekly|daily|dense N SEED FILE\n");
        return 2;
    }
    const shop *s = find_shop(argv[1]);
    const size_t n = strtoull(argv[2], NULL, 10);
    const uint64_t seed = strtoull(argv[3], NULL, 10);
    double *block = room_for(3 * n, sizeof *block), *const out[3] = {block, block + n, block + 2 * n};
    for (size_t from = 0; from < n; from += PORTION)
        draw(s, from, n - from < PORTION ? n - from : PORTION, seed, out);
    FILE *file = fopen(argv[4], "wb");
    const int ok = file && fwrite(block, sizeof *block, 3 * n, file) == 3 * n;
    if ((file && fclose(file)) || !ok) {
        perror(argv[4]);
        return 1;
    }
    free(block);
    return 0;
}
