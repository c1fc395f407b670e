#ifndef PTN_INPUTS_H
#define PTN_INPUTS_H

/* What a build depends on, so that nothing changed means nothing done, and a changed file is all that is read again.
 *
 *   structure  patron itself, the SELECTs, currency, duplicates, attached databases, exchange rates: when it differs,
 *              everything is read again
 *   settings   the rest of patron.yaml, and the day asked for: when they differ, nothing is read, all that follows is done again
 *   inputs     the files: source, file, name, size, modified; a source that reads what cannot be watched is always new
 *
 * Both stand in every store: record.target (one row) and record.files. */

#include "project.h"
#include "store.h"

/* Creates the temporary table `inputs` and the variables structure, settings, inputs_hash and unwatched (is any source always new?)
 * in this connection; and today and the macro is_due, to tell whether rows waited for this day. Rates of a database are read for it: then patron.yaml's databases are attached, too.
 * as_of: the day the command asked for, or NULL. */
patron_status ptn_inputs_note(ptn_store *store, const ptn_project *project, const char *as_of, ptn_problem *problem);

/* How a store compares with what was noted. catalog: "" for the store itself, or the name it is attached as. */
typedef enum ptn_inputs_match {
    PTN_INPUTS_OTHER, /* another structure, or no store that can be read */
    PTN_INPUTS_FILES, /* the same structure; other files, settings, or a day has come that rows waited for */
    PTN_INPUTS_SAME
} ptn_inputs_match;
ptn_inputs_match ptn_inputs_compare(ptn_store *store, const char *catalog);

/* The columns of every source, as text: when a file gains or loses one, everything is read again. */
patron_status ptn_inputs_shape(ptn_store *store, const ptn_project *project, char **shape, ptn_problem *problem);
bool ptn_inputs_same_shape(ptn_store *store, const char *shape); /* as those of the last store, attached as patron_previous? */

#endif
