#include "models.h"

#include <string.h>

/* The one table: a model that is not here does not exist for the command, SQL or Python. The first is the default. */
static const patron_model *const models[] = {&ptn_pareto_nbd, &ptn_bg_nbd, &ptn_mbg_nbd};

const patron_model *patron_model_find(const char *name)
{
    for (unsigned i = 0; name && i < sizeof models / sizeof *models; i++)
        if (strcmp(models[i]->info.name, name) == 0)
            return models[i];
    return NULL;
}

const patron_model *patron_model_at(unsigned index)
{
    return index < sizeof models / sizeof *models ? models[index] : NULL;
}
