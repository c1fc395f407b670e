#ifndef PTN_ROOM_H
#define PTN_ROOM_H

/* Will a build fit on the disk of .patron? Said before it begins, so that it does not end an hour later on a full disk.
 *
 * What is needed beside what lies there: the new store, and what SQL spills when the work does not fit into its memory. The size of
 * the new store is that of the last one, or of what the sources' files make when they are read: a CSV about as much as it is long,
 * Parquet five times as much. Spilt is what does not fit of nine times the store, and at most two and a half times it. So it was
 * measured with 1 to 8 million lines, in 1 and in 6 GiB of memory. All of it is an estimate but `least`. */

#include <stdbool.h>

#include "project.h"
#include "store.h"

typedef struct ptn_room {
    double need;  /* bytes; an estimate */
    double least; /* with less than this on the disk a build cannot end well */
    double free;  /* what this user may still write there; -1: not known */
    bool guessed; /* the size of a source cannot be seen (a database), and there is no last store: need may be more */
} ptn_room;

/* What is needed, from bytes: of the last store (0: none), of what the files to read will be, of what a stopped build left; of
 * memory for SQL. carry: onto a copy of the last store. */
double ptn_room_need(double previous, double to_read, bool carry, double left, double memory);

/* store: with `inputs` noted (ptn_inputs_note) and, to carry on, the last store attached. previous: its file, or NULL. left: the file
 * of a stopped build that goes on, or NULL. */
patron_status ptn_room_look(ptn_store *store, const ptn_project *project, const char *previous, bool carry, const char *left,
                            ptn_room *out, ptn_problem *problem);

bool ptn_room_is_tight(const ptn_room *room);

/* E403 where there is surely too little. */
patron_status ptn_room_check(const ptn_room *room, const ptn_project *project, ptn_problem *problem);
/* E403: `free` bytes in `dir`, and `what` alone takes `least`. */
patron_status ptn_room_too_little(const char *dir, double free, const char *what, double least, ptn_problem *problem);

double ptn_room_free(const char *dir); /* bytes that this user may write there; -1: not known */
const char *ptn_room_text(double bytes, char *out, size_t size); /* 120 MB, 1.2 GB */

#endif
