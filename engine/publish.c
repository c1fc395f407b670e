/* Publishing: rename, then swap a symlink. Whoever opened the old file keeps it; nobody ever sees half of the new one. */
#include "publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "room.h"

#include "published.h"
#include "text.h"

static patron_status cannot(ptn_problem *problem, const char *what, const char *path)
{
    const int reason = errno;
    const bool full = reason == ENOSPC || reason == EDQUOT;
    ptn_problem_set(problem, PATRON_EIO, "E401", "%s", what);
    ptn_problem_where(problem, "%s", path);
    ptn_problem_why(problem, "%s", strerror(reason));
    if (reason == EACCES || reason == EROFS || reason == EPERM)
        ptn_problem_fix(problem, "let this user write there; patron writes in .patron/ only");
    else if (reason == ENOTDIR)
        ptn_problem_fix(problem, "a file has the name of a folder that patron needs: move it away");
    else if (full)
        ptn_problem_fix(problem, "free some space and build again; the last good build stays");
    return PATRON_EIO;
}

static bool flush(const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const bool ok = file >= 0 && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return ok;
}

/* Removes every file of a folder whose name starts with prefix, but the two to keep. */
static void sweep(const char *dir, const char *prefix, const char *keep, const char *keep_too)
{
    DIR *folder = opendir(dir);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        const char *name = entry->d_name;
        if (strncmp(name, prefix, strlen(prefix)) != 0 || (keep && strcmp(name, keep) == 0) ||
            (keep_too && strcmp(name, keep_too) == 0))
            continue;
        unlinkat(dirfd(folder), name, 0);
    }
    if (folder)
        closedir(folder);
}

/* "store-c7f3.duckdb", what store.duckdb points to; empty when nothing was published yet. */
static void current_name(const char *state_dir, char *name, size_t size)
{
    char *link = ptn_text_path(state_dir, "store.duckdb");
    const ssize_t length = link ? readlink(link, name, size - 1) : -1;
    name[length > 0 ? length : 0] = '\0';
    free(link);
}

static patron_status take_lock(ptn_publication *publication, ptn_problem *problem)
{
    char *path = ptn_text_path(publication->state_dir, "lock");
    char owner[64] = "";
    patron_status status = PATRON_OK;
    publication->lock = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644) : -1;
    if (publication->lock < 0) {
        status = cannot(problem, "cannot write in the project's .patron folder", publication->state_dir);
    } else if (flock(publication->lock, LOCK_EX | LOCK_NB) != 0) {
        const ssize_t length = read(publication->lock, owner, sizeof owner - 1);
        owner[length > 0 ? length : 0] = '\0';
        status = ptn_problem_set(problem, PATRON_EIO, "E502", "another build of this project is running");
        ptn_problem_where(problem, "%s", path);
        ptn_problem_why(problem, "held by %s", owner[0] ? owner : "another process");
        ptn_problem_fix(problem, "wait for it; it was left alone");
        close(publication->lock);
        publication->lock = -1;
    } else {
        const int length = snprintf(owner, sizeof owner, "process %ld", (long)getpid());
        if (ftruncate(publication->lock, 0) != 0 || pwrite(publication->lock, owner, (size_t)length, 0) != length)
            status = cannot(problem, "cannot write in the project's .patron folder", path);
    }
    free(path);
    return status;
}

/* Four hex digits that no kept store has, the first a letter: nobody reads 9782 or 7e12 as a number. More when fate insists. */
static patron_status choose_run_id(const ptn_publication *publication, char *run_id, ptn_problem *problem)
{
    for (unsigned attempt = 0; attempt < 64; attempt++) {
        uint32_t bits = 0;
        if (getrandom(&bits, sizeof bits, 0) != sizeof bits)
            bits = (uint32_t)time(NULL) * 2654435761u + attempt;
        const char letter = "abcdef"[(bits >> 28) % 6];
        snprintf(run_id, 24, attempt < 32 ? "%c%03x" : "%c%07x", letter, bits & (attempt < 32 ? UINT32_C(0xfff) : UINT32_C(0xfffffff)));
        char *path = NULL;
        if (asprintf(&path, "%s/store-%s.duckdb", publication->state_dir, run_id) < 0)
            return ptn_out_of_memory(problem);
        const bool taken = access(path, F_OK) == 0;
        free(path);
        if (!taken)
            return PATRON_OK;
    }
    return ptn_problem_set(problem, PATRON_EIO, "E401", "cannot choose a run id");
}

void ptn_publication_discard(const ptn_publication *publication)
{
    unlink(publication->building);
    sweep(publication->state_dir, "building.duckdb.", NULL, NULL);
    sweep(publication->temporary, "duckdb_temp", NULL, NULL);
    rmdir(publication->temporary);
}

patron_status ptn_publication_begin(const ptn_project *project, ptn_publication *out, char *run_id, char *previous_run_id,
                                    ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char current[64];
    *out = (ptn_publication){.lock = -1};
    out->state_dir = strdup(project->state_dir);
    out->building = ptn_text_path(project->state_dir, "building.duckdb");
    out->temporary = ptn_text_path(project->state_dir, "tmp");
    if (!out->state_dir || !out->building || !out->temporary) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    if (mkdir(out->state_dir, 0700) != 0 && errno != EEXIST) {
        status = cannot(problem, "cannot make the project's .patron folder", out->state_dir);
        goto done;
    }
    PTN_TRY(take_lock(out, problem));
    current_name(out->state_dir, current, sizeof current);
    ptn_published_run(current, previous_run_id);
    PTN_TRY(choose_run_id(out, run_id, problem));
    if (current[0])
        out->previous = ptn_text_path(out->state_dir, current);

done:
    return status;
}

patron_status ptn_publication_copy(const ptn_publication *publication, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    struct stat about;
    const int from = open(publication->previous, O_RDONLY | O_CLOEXEC);
    const int to = open(publication->building, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (from < 0 || to < 0 || fstat(from, &about) != 0) {
        status = cannot(problem, "cannot copy the last store", publication->building);
        goto done;
    }
    if (ioctl(to, FICLONE, from) == 0)
        goto done;
    const double room = ptn_room_free(publication->state_dir);
    if (room >= 0 && room < (double)about.st_size) {
        status = ptn_room_too_little(publication->state_dir, room, "the copy of the last store", (double)about.st_size, problem);
        goto done;
    }
    for (off_t left = about.st_size; left > 0;) {
        const ssize_t copied = copy_file_range(from, NULL, to, NULL, (size_t)left, 0);
        if (copied <= 0) {
            status = cannot(problem, "cannot copy the last store", publication->building);
            goto done;
        }
        left -= copied;
    }

done:
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    return status;
}

patron_status ptn_publish(ptn_publication *publication, const char *run_id, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char current[64], name[64], *path = NULL, *next_link = NULL, *link = NULL;
    snprintf(name, sizeof name, "store-%s.duckdb", run_id);
    current_name(publication->state_dir, current, sizeof current);
    path = ptn_text_path(publication->state_dir, name);
    next_link = ptn_text_path(publication->state_dir, "store.duckdb.next");
    link = ptn_text_path(publication->state_dir, "store.duckdb");
    if (!path || !next_link || !link) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    unlink(next_link);
    if (!flush(publication->building) || chmod(publication->building, 0444) != 0 ||
        rename(publication->building, path) != 0 || symlink(name, next_link) != 0 || rename(next_link, link) != 0 ||
        !flush(publication->state_dir)) {
        status = cannot(problem, "cannot publish the build", path);
        goto done;
    }
    sweep(publication->state_dir, "store-", name, current);

done:
    free(path);
    free(next_link);
    free(link);
    return status;
}

void ptn_publication_end(ptn_publication *publication)
{
    if (publication->state_dir && publication->lock >= 0) { /* without the lock, the files are another build's */
        sweep(publication->temporary, "duckdb_temp", NULL, NULL);
        rmdir(publication->temporary);
        close(publication->lock);
    }
    free(publication->state_dir);
    free(publication->building);
    free(publication->temporary);
    free(publication->previous);
    *publication = (ptn_publication){.lock = -1};
}
