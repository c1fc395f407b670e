/* One check after the other; each leaves one finding, or one for each thing that is wrong. */
#include "doctor.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "attach.h"
#include "inputs.h"
#include "patron.h"
#include "project.h"
#include "published.h"
#include "room.h"
#include "source_rows.h"
#include "store.h"
#include "text.h"

/* A finding with its text; the caller may add a fix to what is returned. */
static ptn_finding *find(ptn_doctor *d, const char *check, ptn_health health, const char *text, ...) __attribute__((format(printf, 4, 5)));

static ptn_finding *find(ptn_doctor *d, const char *check, ptn_health health, const char *text, ...)
{
    va_list arguments;
    ptn_finding *f = &d->findings[d->count < PTN_FINDINGS_MAX ? d->count++ : PTN_FINDINGS_MAX - 1];
    *f = (ptn_finding){.check = check, .health = health};
    va_start(arguments, text);
    vsnprintf(f->text, sizeof f->text, text, arguments);
    va_end(arguments);
    d->to_fix += health == PTN_HEALTH_FIX;
    d->to_know += health == PTN_HEALTH_KNOW;
    return f;
}

static void fix(ptn_finding *f, const char *text, ...) __attribute__((format(printf, 2, 3)));

static void fix(ptn_finding *f, const char *text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    vsnprintf(f->fix, sizeof f->fix, text, arguments);
    va_end(arguments);
}

/* A command on the project, with its folder where one was given: patron build shop. */
static void fix_build(const ptn_doctor *d, ptn_finding *f, const char *option)
{
    fix(f, "patron build%s%s%s", d->given, option[0] ? " " : "", option);
    f->is_command = true;
}

/* Not --full: a build does not begin without what the last one knows while that lies there, be it in pieces. */
static void fix_unread(const ptn_doctor *d, ptn_finding *f, const char *path)
{
    ptn_text words = {0}, away = {0};
    ptn_text_addn(&away, path, (size_t)(strrchr(path, '/') - path));
    ptn_text_add(&away, "/unreadable.duckdb");
    ptn_text_add(&words, "mv ");
    ptn_text_add_shell_word(&words, path);
    ptn_text_add(&words, " ");
    ptn_text_add_shell_word(&words, ptn_text_str(&away));
    fix(f, "%s && patron build%s", ptn_text_str(&words), d->given);
    f->is_command = true;
    ptn_text_free(&words);
    ptn_text_free(&away);
}

static void fix_mode(const ptn_doctor *d, ptn_finding *f)
{
    fix(f, "chmod 700 %s", d->state);
    f->is_command = true;
}

/* A fault that some part of the engine told, as a finding. */
static void find_problem(ptn_doctor *d, const char *check, const ptn_problem *problem)
{
    ptn_finding *f = find(d, check, PTN_HEALTH_FIX, "%s: %s%s%s%s%s%s", problem->code, problem->what, problem->where[0] ? " (" : "", problem->where,
                          problem->where[0] ? ")" : "", problem->why[0] ? ": " : "", problem->why);
    fix(f, "%s", problem->fix);
}

/* 4 h, 3 days: as exact as one needs. */
static const char *age_text(double seconds, char *out, size_t size)
{
    if (seconds < 90)
        snprintf(out, size, "%.0f s", seconds);
    else if (seconds < 5400)
        snprintf(out, size, "%.0f min", seconds / 60);
    else if (seconds < 48 * 3600)
        snprintf(out, size, "%.0f h", seconds / 3600);
    else
        snprintf(out, size, "%.0f days", seconds / 86400);
    return out;
}

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- the machine ---- */

static void check_version(ptn_doctor *d, ptn_store *store)
{
    ptn_problem ignored;
    char *version = NULL;
    if (ptn_store_text(store, "SELECT version()", &version, &ignored) == PATRON_OK && version)
        find(d, "version", PTN_HEALTH_FINE, "patron %s, libduckdb %s", PATRON_VERSION, version + (version[0] == 'v'));
    free(version);
}

static void check_memory(ptn_doctor *d, ptn_store *store)
{
    ptn_problem ignored;
    char total[32], part[32];
    double sql = 0;
    const double bytes = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (ptn_store_memory(store, &sql, &ignored) != PATRON_OK || bytes <= 0)
        return;
    if (bytes < 2e9)
        fix(find(d, "memory", PTN_HEALTH_KNOW, "%s of memory in all", ptn_room_text(bytes, total, sizeof total)),
            "large builds go to the disk and take longer; 4 GB are comfortable");
    else if (sql > 0)
        find(d, "memory", PTN_HEALTH_FINE, "%s of memory, %s of it for SQL", ptn_room_text(bytes, total, sizeof total),
             ptn_room_text(sql, part, sizeof part));
}

/* ---- the folder ---- */

static bool in_folder(const ptn_project *project, const char *name, struct stat *about)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", project->state_dir, name);
    return stat(path, about) == 0;
}

static double store_bytes(const ptn_project *project)
{
    struct stat about;
    return in_folder(project, "store.duckdb", &about) ? (double)about.st_size : 0;
}

static void check_disk(ptn_doctor *d, ptn_store *store, const ptn_project *project)
{
    struct statvfs disk;
    ptn_problem ignored;
    char free_text[32], need_text[32];
    double memory = 0;
    const double free_bytes = ptn_room_free(project->dir);
    if (free_bytes < 0 || statvfs(project->dir, &disk) != 0 || ptn_store_memory(store, &memory, &ignored) != PATRON_OK)
        return;
    const double need = ptn_room_need(store_bytes(project), 0, false, 0, memory);
    ptn_room_text(free_bytes, free_text, sizeof free_text);
    ptn_room_text(need, need_text, sizeof need_text);
    if (free_bytes < need)
        fix(find(d, "disk", PTN_HEALTH_FIX, "%s free, and a build of this size needs %s", free_text, need_text), "free some space");
    else
        find(d, "disk", PTN_HEALTH_FINE, "%s free", free_text);
    if ((double)disk.f_favail < 100 && disk.f_files > 0)
        fix(find(d, "disk", PTN_HEALTH_FIX, "the disk has room for %lu more files", (unsigned long)disk.f_favail), "delete files that nobody needs");
}

static void check_permissions(ptn_doctor *d, const ptn_project *project)
{
    struct stat about;
    if (stat(project->state_dir, &about) != 0) {
        if (access(project->dir, W_OK) != 0)
            fix(find(d, "permissions", PTN_HEALTH_FIX, "this user cannot write in %s, and a build makes .patron there", project->dir), "chown or chmod it");
        return;
    }
    if (access(project->state_dir, W_OK | X_OK) != 0)
        fix(find(d, "permissions", PTN_HEALTH_FIX, ".patron/ cannot be written by this user: builds fail"), "let the user who builds own it: chown -R USER .patron");
    if (about.st_mode & S_IRWXO)
        fix_mode(d, find(d, "permissions", PTN_HEALTH_FIX, ".patron/ can be %s by everyone on this machine", about.st_mode & S_IWOTH ? "changed" : "read"));
    else if (about.st_mode & S_IRWXG)
        fix_mode(d, find(d, "permissions", PTN_HEALTH_KNOW, ".patron/ can be read by the group of its owner; if that is not meant"));
    else
        find(d, "permissions", PTN_HEALTH_FINE, ".patron/ is its owner's alone");
}

/* Does the process that wrote the lock still have it open? The lock itself ends with its process, and asking for it could
 * make a build that starts now believe that another one runs. */
static bool build_runs(const ptn_project *project, long *process)
{
    char path[PATH_MAX], folder[64];
    struct stat lock, open_file;
    bool runs = false;
    *process = 0;
    snprintf(path, sizeof path, "%s/lock", project->state_dir);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    if (fscanf(file, "process %ld", process) != 1 || fstat(fileno(file), &lock) != 0)
        *process = 0;
    fclose(file);
    if (*process <= 0 || (kill((pid_t)*process, 0) != 0 && errno == ESRCH))
        return false;
    snprintf(folder, sizeof folder, "/proc/%ld/fd", *process);
    DIR *open_files = opendir(folder);
    if (!open_files)
        return true; /* somebody else's: not ours to look into */
    for (struct dirent *entry; (entry = readdir(open_files)) && !runs;)
        runs = fstatat(dirfd(open_files), entry->d_name, &open_file, 0) == 0 && open_file.st_ino == lock.st_ino && open_file.st_dev == lock.st_dev;
    closedir(open_files);
    return runs;
}

static void check_building(ptn_doctor *d, const ptn_project *project)
{
    struct stat about;
    char size[32];
    long process;
    if (build_runs(project, &process))
        find(d, "building", PTN_HEALTH_FINE, "a build is running: process %ld", process);
    else if (in_folder(project, "building.duckdb", &about))
        fix(find(d, "building", PTN_HEALTH_KNOW, "a build was stopped midway and left %s in .patron/building.duckdb", ptn_room_text((double)about.st_size, size, sizeof size)),
            "patron build%s goes on from there", d->given);
}

/* ---- the project ---- */

static patron_status read_one(ptn_store *store, const ptn_source *source, const char *dir, ptn_problem *problem)
{
    ptn_bound_source bound = {0};
    patron_status status = ptn_source_bind(store, source, dir, PTN_SCAN_PLAIN, &bound, problem);
    if (status == PATRON_OK) {
        int64_t rows;
        status = ptn_store_int(store, "SELECT count(*) FROM (FROM source_select LIMIT 1)", &rows, problem);
        if (status != PATRON_OK)
            ptn_problem_where(problem, "%s", source->path);
    }
    ptn_bound_source_free(&bound);
    return status;
}

static void check_sources(ptn_doctor *d, const ptn_project *project)
{
    ptn_store *store = NULL;
    ptn_problem problem = {0};
    double slowest = 0;
    const char *slow = "";
    unsigned answer = 0;
    if (ptn_store_open(&store, &(ptn_store_options){.file_search_path = project->dir}, &problem) != PATRON_OK
        || ptn_attach(store, &project->config, project->dir, &problem) != PATRON_OK) {
        find_problem(d, "sources", &problem);
        ptn_store_close(store);
        return;
    }
    for (unsigned i = 0; i < project->source_count; i++) {
        const double start = now_seconds();
        problem = (ptn_problem){0};
        if (read_one(store, &project->sources[i], project->dir, &problem) != PATRON_OK) {
            find_problem(d, "sources", &problem);
            continue;
        }
        answer++;
        if (now_seconds() - start > slowest) {
            slowest = now_seconds() - start;
            slow = project->sources[i].name;
        }
    }
    if (answer == 1 && project->source_count == 1)
        find(d, "sources", PTN_HEALTH_FINE, "1 source answers, in %.1f s", slowest);
    else if (answer == project->source_count)
        find(d, "sources", PTN_HEALTH_FINE, "%u sources answer (slowest: %s %.1f s)", answer, slow, slowest);
    else if (answer)
        find(d, "sources", PTN_HEALTH_FINE, "%u of %u sources answer", answer, project->source_count);
    ptn_store_close(store);
}

/* The run that is published: readable, how old, and whether its clock is ours. */
static void check_run(ptn_doctor *d, const char *path)
{
    ptn_store *store = NULL;
    ptn_rows *rows = NULL;
    ptn_problem problem = {0};
    char age[32];
    if (ptn_published_store(path, &store, &problem) != PATRON_OK
        || ptn_store_query(store, "SELECT run_id::VARCHAR, date_diff('second', finished_at, now()::TIMESTAMP)::DOUBLE, version FROM runs"
                                  " ORDER BY rowid DESC LIMIT 1", &rows, &problem) != PATRON_OK || !ptn_rows_next(rows)) {
        fix_unread(d, find(d, "run", PTN_HEALTH_FIX, "the published tables cannot be read: %s", problem.why[0] ? problem.why : "they have no run"), path);
        goto done;
    }
    const double seconds = ptn_rows_double(rows, 1);
    const char *run = ptn_rows_text(rows, 0), *version = ptn_rows_text(rows, 2);
    if (seconds < -60)
        fix(find(d, "clock", PTN_HEALTH_FIX, "run %s ended %s from now: this machine's clock is behind, or was ahead then", run ? run : "",
                 age_text(-seconds, age, sizeof age)), "set the clock, then build again");
    else
        find(d, "run", PTN_HEALTH_FINE, "published run %s, %s old", run ? run : "", age_text(seconds > 0 ? seconds : 0, age, sizeof age));
    if (version && strcmp(version, PATRON_VERSION) != 0)
        fix(find(d, "run", PTN_HEALTH_KNOW, "published by patron %s", version), "patron build%s brings the tables up to date", d->given);
    int64_t warnings = 0;
    if (ptn_store_int(store, "SELECT count(*) FROM warnings", &warnings, &problem) == PATRON_OK && warnings)
        fix_build(d, find(d, "warnings", PTN_HEALTH_KNOW, "the last build had %lld warning%s", (long long)warnings, warnings == 1 ? "" : "s"), "--warnings");

done:
    ptn_rows_free(rows);
    ptn_store_close(store);
}

/* Would a build find anything new? */
static void check_inputs(ptn_doctor *d, const ptn_project *project, const char *path)
{
    ptn_store *store = NULL;
    ptn_problem ignored;
    if (ptn_store_open(&store, &(ptn_store_options){.file_search_path = project->dir}, &ignored) == PATRON_OK
        && ptn_inputs_note(store, project, NULL, &ignored) == PATRON_OK && ptn_attach_store(store, path, "patron_previous", &ignored) == PATRON_OK) {
        const ptn_inputs_match match = ptn_inputs_compare(store, "patron_previous");
        if (match == PTN_INPUTS_FILES)
            fix_build(d, find(d, "inputs", PTN_HEALTH_KNOW, "files of the sources have changed since"), "");
        else if (match == PTN_INPUTS_OTHER)
            fix_build(d, find(d, "inputs", PTN_HEALTH_KNOW, "patron.yaml, a SELECT or patron itself has changed since"), "");
    }
    ptn_store_close(store);
}

static void check_published(ptn_doctor *d, const ptn_project *project, bool whole)
{
    char link[PATH_MAX], target[64] = "";
    ptn_problem problem;
    char *path = NULL;
    if (ptn_project_published(project, &path, &problem) == PATRON_OK) {
        check_run(d, path);
        if (whole)
            check_inputs(d, project, path);
        free(path);
        return;
    }
    snprintf(link, sizeof link, "%s/store.duckdb", project->state_dir);
    if (readlink(link, target, sizeof target - 1) > 0)
        fix_build(d, find(d, "run", PTN_HEALTH_FIX, "the published tables are gone: .patron/store.duckdb points to %s", target), "");
    else
        fix_build(d, find(d, "run", PTN_HEALTH_KNOW, "nothing was built yet"), "");
}

/* The folder as it was given, for commands to copy. */
static void remember_given(ptn_doctor *d, const char *dir)
{
    ptn_text folder = {0}, words = {0};
    if (dir) {
        ptn_text_add(&words, " ");
        ptn_text_add_shell_word(&words, dir);
        ptn_text_addf(&folder, "%s%s", dir, dir[0] && dir[strlen(dir) - 1] == '/' ? "" : "/");
    }
    snprintf(d->given, sizeof d->given, "%s", ptn_text_str(&words));
    ptn_text_add(&folder, ".patron");
    ptn_text_clear(&words);
    ptn_text_add_shell_word(&words, ptn_text_str(&folder));
    snprintf(d->state, sizeof d->state, "%s", ptn_text_str(&words));
    ptn_text_free(&folder);
    ptn_text_free(&words);
}

patron_status ptn_doctor_look(const char *dir, ptn_doctor *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_project folder = {0}, project = {0};
    ptn_store *store = NULL;
    ptn_problem fault = {0};
    *out = (ptn_doctor){0};
    remember_given(out, dir);
    PTN_TRY(ptn_store_open(&store, &(ptn_store_options){0}, problem));
    status = ptn_project_find(dir, &folder, problem);
    if (status != PATRON_OK && (dir || strcmp(problem->code, "E504") != 0))
        goto done;
    check_version(out, store);
    check_memory(out, store);
    if (status != PATRON_OK) {
        status = PATRON_OK;
        fix(find(out, "project", PTN_HEALTH_KNOW, "no project in this folder or above it"), "patron new FILE drafts one from your data");
        goto done;
    }
    out->dir = strdup(folder.dir);
    const bool whole = ptn_project_open(folder.dir, &project, &fault) == PATRON_OK;
    if (whole)
        check_sources(out, &project);
    else
        find_problem(out, "project", &fault);
    check_disk(out, store, &folder);
    check_permissions(out, &folder);
    check_building(out, &folder);
    check_published(out, whole ? &project : &folder, whole);

done:
    ptn_project_close(&folder);
    ptn_project_close(&project);
    ptn_store_close(store);
    return status;
}

void ptn_doctor_free(ptn_doctor *doctor)
{
    free(doctor->dir);
    *doctor = (ptn_doctor){0};
}
