#include "project.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

#include "text.h"

static bool has_file(const char *dir, const char *name)
{
    char *path = ptn_text_path(dir, name);
    const bool found = path && access(path, F_OK) == 0;
    free(path);
    return found;
}

/* The folder itself, or the nearest one above it with a patron.yaml. */
static char *find_above(char *dir)
{
    for (char *slash = dir + strlen(dir); slash; slash = strrchr(dir, '/')) {
        *slash = '\0';
        if (has_file(*dir ? dir : "/", "patron.yaml"))
            return *dir ? dir : strcpy(dir, "/");
    }
    return NULL;
}

patron_status ptn_project_find(const char *dir, ptn_project *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char *config = NULL;
    *out = (ptn_project){0};
    out->dir = realpath(dir ? dir : ".", NULL);
    if (!out->dir) {
        status = ptn_problem_set(problem, PATRON_EIO, "E503", "no such folder");
        ptn_problem_where(problem, "%s", dir ? dir : ".");
        ptn_problem_why(problem, "%s", strerror(errno));
        ptn_problem_fix(problem, "give the folder of a project, or make one: patron new FILE");
        goto done;
    }
    if (strchr(out->dir, '?')) { /* DuckDB takes what follows for the query of a web address */
        status = ptn_problem_set(problem, PATRON_EINVAL, "E503", "a project cannot lie in a folder with ? in its name");
        ptn_problem_where(problem, "%s", out->dir);
        ptn_problem_fix(problem, "rename the folder");
        goto done;
    }
    char *shown = strdup(out->dir);
    const bool found = dir ? has_file(out->dir, "patron.yaml") : find_above(out->dir) != NULL;
    if (!found) {
        status = ptn_problem_set(problem, PATRON_EIO, "E504", "no project here");
        ptn_problem_where(problem, "%s", shown ? shown : "");
        ptn_problem_why(problem, dir ? "there is no patron.yaml in it" : "there is no patron.yaml in it or above it");
        ptn_problem_fix(problem, "patron new FILE drafts one from your data");
        free(shown);
        goto done;
    }
    free(shown);
    out->state_dir = ptn_text_path(out->dir, ".patron");
    config = ptn_text_path(out->dir, "patron.yaml");
    if (!out->state_dir || !config)
        status = ptn_out_of_memory(problem);
    else
        ptn_config_glance(config, &out->config);

done:
    free(config);
    if (status != PATRON_OK)
        ptn_project_close(out);
    return status;
}

patron_status ptn_project_open(const char *dir, ptn_project *out, ptn_problem *problem)
{
    char *config_path = NULL;
    patron_status status = ptn_project_find(dir, out, problem);
    if (status != PATRON_OK)
        return status;
    config_path = ptn_text_path(out->dir, "patron.yaml");
    if (!config_path) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    PTN_TRY(ptn_config_load(config_path, &out->config, problem));
    PTN_TRY(ptn_sources_load(out->dir, &out->sources, &out->source_count, problem));

done:
    free(config_path);
    if (status != PATRON_OK)
        ptn_project_close(out);
    return status;
}

void ptn_project_close(ptn_project *project)
{
    ptn_sources_free(project->sources, project->source_count);
    ptn_config_free(&project->config);
    free(project->dir);
    free(project->state_dir);
    *project = (ptn_project){0};
}

patron_status ptn_project_published(const ptn_project *project, char **path, ptn_problem *problem)
{
    char *link = ptn_text_path(project->state_dir, "store.duckdb");
    *path = link ? realpath(link, NULL) : NULL;
    free(link);
    if (*path)
        return PATRON_OK;
    ptn_problem_set(problem, PATRON_EIO, "E501", "nothing was built yet");
    ptn_problem_where(problem, "%s", project->dir);
    char here[PATH_MAX];
    const size_t length = strlen(project->dir);
    const bool inside = getcwd(here, sizeof here) && strncmp(here, project->dir, length) == 0 && (here[length] == '/' || here[length] == '\0');
    if (inside)
        ptn_problem_fix(problem, "patron build");
    else {
        ptn_text words = {0};
        ptn_text_add_shell_word(&words, project->dir);
        ptn_problem_fix(problem, "patron build %s", ptn_text_str(&words));
        ptn_text_free(&words);
    }
    return PATRON_EIO;
}
