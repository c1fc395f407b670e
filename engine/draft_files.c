#include "draft_files.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { FILES_MAX = 5000, DEPTH_MAX = 4 };

const char *ptn_draft_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t a = strlen(text), b = strlen(end);
    return a >= b && strcasecmp(text + a - b, end) == 0;
}

static patron_status keep(ptn_draft_files *out, const char *path, const char *shown, bool named, ptn_problem *problem)
{
    if (out->count == FILES_MAX) {
        ptn_problem_set(problem, PATRON_EDATA, "E520", "more than %d files", FILES_MAX);
        ptn_problem_fix(problem, "give one of them, and put a pattern into the SELECT: FROM 'data/*.csv'");
        return PATRON_EDATA;
    }
    if (out->count == out->room) {
        const unsigned room = out->room ? 2 * out->room : 16;
        ptn_draft_file *items = realloc(out->items, room * sizeof *items);
        if (!items)
            return ptn_out_of_memory(problem);
        out->items = items;
        out->room = room;
    }
    ptn_draft_file *f = &out->items[out->count];
    *f = (ptn_draft_file){.path = realpath(path, NULL), .shown = strdup(shown), .named = named};
    out->count++;
    if (!f->path || !f->shown) {
        ptn_problem_set(problem, PATRON_EIO, "E520", "%s cannot be read", shown);
        ptn_problem_why(problem, "%s", strerror(errno));
        return PATRON_EIO;
    }
    return ptn_bytes_look(f->path, shown, &f->bytes, problem);
}

static bool data_by_name(const char *name)
{
    static const char *const ends[] = {".csv", ".tsv", ".txt", ".tab", ".parquet", ".json", ".jsonl", ".ndjson", ".xlsx",
                                       ".csv.gz", ".tsv.gz", ".json.gz", ".jsonl.gz", ".csv.zst"};
    for (unsigned i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_with(name, ends[i]))
            return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static patron_status walk_folder(const char *path, const char *shown, int depth, ptn_draft_files *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char **names = NULL;
    unsigned count = 0, room = 0;
    DIR *folder = opendir(path);
    if (!folder) {
        ptn_problem_set(problem, PATRON_EIO, "E520", "%s cannot be read", shown);
        ptn_problem_why(problem, "%s", strerror(errno));
        return PATRON_EIO;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        if (count == room) {
            room = room ? 2 * room : 64;
            char **more = realloc(names, room * sizeof *names);
            if (!more) {
                status = ptn_out_of_memory(problem);
                goto done;
            }
            names = more;
        }
        if ((names[count] = strdup(entry->d_name)))
            count++;
    }
    if (count)
        qsort(names, count, sizeof *names, by_name);
    for (unsigned i = 0; i < count; i++) {
        char inside[PATH_MAX], called[PATH_MAX];
        struct stat about;
        snprintf(inside, sizeof inside, "%s/%s", path, names[i]);
        snprintf(called, sizeof called, "%s/%s", shown, names[i]);
        if (stat(inside, &about) != 0)
            continue;
        if (S_ISDIR(about.st_mode) && depth < DEPTH_MAX)
            PTN_TRY(walk_folder(inside, called, depth + 1, out, problem));
        else if (S_ISREG(about.st_mode) && data_by_name(names[i]))
            PTN_TRY(keep(out, inside, called, false, problem));
        else
            out->passed_over += S_ISREG(about.st_mode);
    }

done:
    for (unsigned i = 0; i < count; i++)
        free(names[i]);
    free(names);
    closedir(folder);
    return status;
}

patron_status ptn_draft_no_file(const char *given, ptn_problem *problem)
{
    char dir[PATH_MAX], *names[256];
    unsigned count = 0;
    const char *base = ptn_draft_base(given);
    ptn_problem_set(problem, PATRON_EIO, "E520", "there is no %s", given);
    snprintf(dir, sizeof dir, "%.*s", (int)(base - given), given);
    DIR *folder = opendir(dir[0] ? dir : ".");
    for (struct dirent *entry; folder && (entry = readdir(folder)) && count < 256;)
        if (entry->d_name[0] != '.' && (names[count] = strdup(entry->d_name)))
            count++;
    if (folder)
        closedir(folder);
    const char *near = ptn_nearest(base, (const char *const *)names, count);
    if (near)
        ptn_problem_fix(problem, "did you mean \"%s%s\"?", dir, near);
    else
        ptn_problem_fix(problem, "give a file (CSV, Parquet, JSON), a folder of them, or a database");
    while (count)
        free(names[--count]);
    return PATRON_EIO;
}

patron_status ptn_draft_files_find(const char *given, ptn_draft_files *out, ptn_problem *problem)
{
    struct stat about;
    glob_t matches = {0};
    patron_status status = PATRON_OK;
    if (stat(given, &about) == 0) {
        if (S_ISDIR(about.st_mode)) {
            char shown[PATH_MAX];
            snprintf(shown, sizeof shown, "%s", given);
            for (size_t n = strlen(shown); n > 1 && shown[n - 1] == '/';)
                shown[--n] = '\0';
            return walk_folder(shown, shown, 0, out, problem);
        }
        if (!S_ISREG(about.st_mode)) {
            ptn_problem_set(problem, PATRON_EDATA, "E520", "%s is no file that stays", given);
            ptn_problem_why(problem, "patron new copies nothing: every build reads the data where it lies");
            ptn_problem_fix(problem, "write it to a file first");
            return PATRON_EDATA;
        }
        return keep(out, given, given, true, problem);
    }
    if (strpbrk(given, "*?[") && glob(given, 0, NULL, &matches) == 0) {
        for (size_t i = 0; i < matches.gl_pathc && status == PATRON_OK; i++)
            status = keep(out, matches.gl_pathv[i], matches.gl_pathv[i], true, problem);
        globfree(&matches);
        return status;
    }
    return ptn_draft_no_file(given, problem);
}

void ptn_draft_files_free(ptn_draft_files *files)
{
    for (unsigned i = 0; i < files->count; i++) {
        free(files->items[i].path);
        free(files->items[i].shown);
    }
    free(files->items);
    *files = (ptn_draft_files){0};
}
