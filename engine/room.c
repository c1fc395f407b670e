#include "room.h"

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "store_columns.h"

static const double EMPTY = 6e6;        /* bytes of a store of one row: every column has its block */
static const double SURELY_EMPTY = 4e6; /* the same, with all that may change in it taken off */
static const double SURELY_LESS = 50;   /* no store of a source's files was ever so many times smaller than what is estimated */
static const double MARGIN = 1.1;       /* of the log that is written before, and of blocks half full */
static const double REWRITTEN = 0.25;   /* of a copy: what is computed again stands beside what it replaces */
static const double WORK = 9;           /* times the store: all that is at work at once */
static const double SPILT = 2.5;        /* times the store: what of it can wait on the disk */

/* What the files of sources make in a store; Parquet and compressed text are smaller than what is in them. */
#define TO_READ                                                                                                                 \
    "SELECT coalesce(sum(size * CASE WHEN file ILIKE '%.parquet' THEN 5 WHEN file ILIKE '%.gz' OR file ILIKE '%.zst' THEN 8"     \
    " ELSE 1 END), 0)::DOUBLE, getvariable('unwatched')::INTEGER::DOUBLE FROM inputs i"
/* Those that the last store has read already are in it. */
#define KNOWN                                                                                                                   \
    " ANTI JOIN patron_previous.record.files f ON f.source = i.source AND f.file = i.file AND f.size = i.size"                   \
    " AND f.modified = i.modified"

double ptn_room_free(const char *dir)
{
    struct statvfs disk;
    return statvfs(dir, &disk) == 0 ? (double)disk.f_bavail * (double)disk.f_frsize : -1;
}

const char *ptn_room_text(double bytes, char *out, size_t size)
{
    if (bytes < 1e9)
        snprintf(out, size, "%.0f MB", bytes / 1e6);
    else
        snprintf(out, size, bytes < 1e10 ? "%.1f GB" : "%.0f GB", bytes / 1e9);
    return out;
}

double ptn_room_need(double previous, double to_read, bool carry, double left, double memory)
{
    const double store = carry ? previous + to_read : fmax(previous, EMPTY + to_read);
    const double written = carry ? previous * (1 + REWRITTEN) + to_read * MARGIN : store * MARGIN;
    const double spilt = fmin(SPILT * store, fmax(0, WORK * store - memory));
    return fmax(written - left, 0) + spilt;
}

static double size_of(const char *path)
{
    struct stat about;
    return path && stat(path, &about) == 0 ? (double)about.st_size : 0;
}

patron_status ptn_room_look(ptn_store *store, const ptn_project *project, const char *previous, bool carry, const char *left,
                            ptn_room *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_columns files = {0};
    const double before = size_of(previous);
    double memory = 0;
    *out = (ptn_room){.free = ptn_room_free(project->state_dir)};
    if (out->free < 0)
        out->free = ptn_room_free(project->dir); /* there is no .patron yet */
    PTN_TRY(ptn_store_columns(store, carry ? TO_READ KNOWN : TO_READ, &files, problem));
    PTN_TRY(ptn_store_memory(store, &memory, problem));
    out->need = ptn_room_need(before, files.at[0][0], carry, size_of(left), memory);
    out->least = carry || left ? 0 : fmax(SURELY_EMPTY, files.at[0][0] / SURELY_LESS);
    out->guessed = before == 0 && files.at[1][0] != 0;

done:
    ptn_columns_free(&files);
    return status;
}

bool ptn_room_is_tight(const ptn_room *room)
{
    return room->free >= 0 && room->free < room->need;
}

patron_status ptn_room_too_little(const char *dir, double free, const char *what, double least, ptn_problem *problem)
{
    char a[32], b[32], c[32];
    ptn_problem_set(problem, PATRON_EIO, "E403", "the disk has too little room for this build");
    ptn_problem_where(problem, "%s", dir);
    ptn_problem_why(problem, "%s free, and %s alone takes %s", ptn_room_text(free, a, sizeof a), what, ptn_room_text(least, b, sizeof b));
    ptn_problem_so(problem, "nothing was begun");
    ptn_problem_fix(problem, "free %s or more there, or move the project to a larger disk", ptn_room_text(ceil((least - free) / 1e6) * 1e6, c, sizeof c));
    return PATRON_EIO;
}

patron_status ptn_room_check(const ptn_room *room, const ptn_project *project, ptn_problem *problem)
{
    if (room->free < 0 || room->free >= room->least)
        return PATRON_OK;
    return ptn_room_too_little(project->state_dir, room->free, "the new store", room->least, problem);
}
