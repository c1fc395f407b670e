#include "steps.h"

#include <assert.h>
#include <string.h>

#include "pipeline.h"

static patron_status run(ptn_store *store, const struct ptn_pipeline_step *step, int64_t *changed, ptn_problem *problem)
{
    const patron_status status = ptn_store_change(store, step->sql, changed, problem);
    if (status != PATRON_OK && !problem->where[0])
        ptn_problem_where(problem, "%s", step->path);
    return status;
}

patron_status ptn_step_run(ptn_store *store, const char *stage, const char *name, int64_t *changed,
                           ptn_problem *problem)
{
    for (const struct ptn_pipeline_step *step = ptn_pipeline_steps; step->stage; step++)
        if (strcmp(step->stage, stage) == 0 && strcmp(step->name, name) == 0)
            return run(store, step, changed, problem);
    assert(!"a step that does not exist");
    return ptn_problem_set(problem, PATRON_EINVAL, "E002", "no step %s in stage %s", name, stage);
}

patron_status ptn_stage_run(ptn_store *store, const char *stage, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    for (const struct ptn_pipeline_step *step = ptn_pipeline_steps; step->stage && status == PATRON_OK; step++)
        if (strcmp(step->stage, stage) == 0)
            status = run(store, step, NULL, problem);
    return status;
}
