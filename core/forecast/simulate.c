#include <math.h>

#include "base/fault.h"
#include "base/random.h"
#include "forecast/model.h"

/* What is seen of one customer. */
typedef struct watch {
    double age, grid;
    double last_step; /* purchases in one step are one; step 0 holds the first */
    double frequency, recency, later;
} watch;

static void see(void *context, double time)
{
    watch *seen = context;
    const double step = seen->grid > 0 ? floor(time / seen->grid) : time;
    if (step <= seen->last_step)
        return;
    seen->last_step = step;
    if (time > seen->age) {
        seen->later++;
        return;
    }
    seen->frequency++;
    seen->recency = seen->grid > 0 ? fmin(step * seen->grid, seen->age) : time; /* the product may round up */
}

patron_status patron_model_simulate(const patron_model *model, const double *parameters, size_t n,
                                    const double *age, double horizon, double grid, uint64_t seed,
                                    double *frequency, double *recency, double *later, patron_error *err)
{
    const patron_status status = ptn_check_parameters(model, parameters, err);
    if (status != PATRON_OK)
        return status;
    if (!(horizon >= 0 && isfinite(horizon)) || !(grid >= 0 && isfinite(grid)))
        return ptn_fail(err, PATRON_EINVAL, "horizon %g and grid %g: both are finite and 0 or more", horizon,
                        grid);
    for (size_t i = 0; i < n; i++) {
        if (!(age[i] >= 0 && isfinite(age[i])))
            return ptn_fail(err, PATRON_EINVAL, "row %zu: age %g is not a finite number, 0 or more", i + 1,
                            age[i]);
        ptn_random random = ptn_random_open(seed, i);
        watch seen = {.age = age[i], .grid = grid};
        model->draw(parameters, age[i] + horizon, &random, see, &seen);
        frequency[i] = seen.frequency;
        recency[i] = seen.recency;
        if (later)
            later[i] = seen.later;
    }
    return PATRON_OK;
}
