/* The page: a template with one place for its data. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

static const char place[] = "\"__PATRON_REPORT__\"";

static patron_status cannot(ptn_problem *problem, const char *path, int reason)
{
    ptn_problem_set(problem, PATRON_EIO, "E401", "cannot write the report");
    ptn_problem_where(problem, "%s", path);
    ptn_problem_why(problem, "%s", strerror(reason));
    if (reason == ENOSPC || reason == EDQUOT)
        ptn_problem_fix(problem, "free some space, or write it elsewhere: --out FILE; a report that was there is as it was");
    else if (reason == EISDIR)
        ptn_problem_fix(problem, "name the file too: --out %s/report.html", path);
    else if (reason == ENOENT || reason == ENOTDIR)
        ptn_problem_fix(problem, "make the folder first, or write it elsewhere: --out FILE");
    else
        ptn_problem_fix(problem, "write it where this user may: --out FILE");
    return PATRON_EIO;
}

/* The JSON as it may stand in a script element: no < can end it. */
static bool put_json(FILE *file, const char *json)
{
    for (const char *from = json; *from;) {
        const size_t length = strcspn(from, "<");
        if (fwrite(from, 1, length, file) != length)
            return false;
        from += length;
        if (*from && fputs("\\u003c", file) < 0)
            return false;
        from += *from != 0;
    }
    return true;
}

static bool put_page(FILE *file, const char *json)
{
    const char *at = strstr(ptn_report_page, place);
    if (!at) /* a page that was built wrong; CMake has looked */
        return false;
    const size_t before = (size_t)(at - ptn_report_page), after = before + strlen(place);
    return fwrite(ptn_report_page, 1, before, file) == before && put_json(file, json)
           && fwrite(ptn_report_page + after, 1, ptn_report_page_length - after, file) == ptn_report_page_length - after;
}

/* Into a new file beside it, which then takes its name. What is no plain file (a pipe, /dev/stdout) is written as it is. */
static bool write_beside(const char *path, const char *beside, const char *json, mode_t mode, size_t *size)
{
    const int handle = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    FILE *file = handle < 0 ? NULL : fdopen(handle, "w");
    if (!file && handle >= 0)
        close(handle);
    bool fine = file && put_page(file, json) && fflush(file) == 0;
    if (fine && beside != path) {
        const long end = ftell(file);
        *size = end > 0 ? (size_t)end : 0;
        fine = fsync(handle) == 0;
    }
    const int reason = errno;
    if (file && fclose(file) != 0 && fine)
        return false;
    errno = reason;
    return fine && (beside == path || rename(beside, path) == 0);
}

patron_status ptn_report_write(const char *path, const char *json, bool personal, size_t *size, ptn_problem *problem)
{
    struct stat about;
    const bool there = stat(path, &about) == 0, plain = !there || S_ISREG(about.st_mode);
    char *target = there && plain ? realpath(path, NULL) : strdup(path), *beside = NULL; /* where a link leads */
    *size = 0;
    if (there && S_ISDIR(about.st_mode)) {
        free(target);
        return cannot(problem, path, EISDIR);
    }
    if (!target || (plain && asprintf(&beside, "%s.%ld.part", target, (long)getpid()) < 0)) {
        free(target);
        return ptn_out_of_memory(problem);
    }
    errno = 0;
    const bool fine = write_beside(target, plain ? beside : target, json, personal ? 0600 : 0666, size);
    const int reason = errno;
    if (!fine && plain)
        unlink(beside);
    free(beside);
    free(target);
    return fine ? PATRON_OK : cannot(problem, path, reason ? reason : EIO);
}
