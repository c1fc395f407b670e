#include "published.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

patron_status ptn_published_store(const char *path, ptn_store **out, ptn_problem *problem)
{
    return ptn_store_open(out, &(ptn_store_options){.path = path, .read_only = true}, problem);
}

patron_status ptn_published_open(const char *dir, ptn_published *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    *out = (ptn_published){0};
    PTN_TRY(ptn_project_find(dir, &out->project, problem));
    PTN_TRY(ptn_project_published(&out->project, &out->path, problem));
    PTN_TRY(ptn_published_store(out->path, &out->store, problem));

done:
    return status;
}

void ptn_published_close(ptn_published *published)
{
    ptn_store_close(published->store);
    ptn_project_close(&published->project);
    free(published->path);
    *published = (ptn_published){0};
}

void ptn_published_run(const char *path, char run_id[24])
{
    const char *slash = strrchr(path, '/');
    if (sscanf(slash ? slash + 1 : path, "store-%23[^.].duckdb", run_id) != 1)
        run_id[0] = '\0';
}
