#ifndef PTN_SCAN_LEAF_H
#define PTN_SCAN_LEAF_H

/* Which rows of a query descend, one by one, from the rows of which table. */

#include "scan_tree.h"

/* Where a SELECT_NODE's rows come from: the leftmost table of its FROM. */
typedef struct ptn_scan_leaf {
    json_t *table;   /* NULL: rows do not descend one by one from a table */
    json_t *query;   /* the query node behind it when it is a subquery, or a CTE used once; else NULL */
    bool renamed;    /* a list of column names stands between the query and this SELECT */
    char alias[512]; /* what qualified columns call it */
} ptn_scan_leaf;

/* table is NULL when the rows of the node are not those of one table: grouped, distinct, sampled, or of a join that does not keep its
 * left side. */
ptn_scan_leaf ptn_scan_leaf_of(const ptn_survey *s, json_t *node);

bool ptn_scan_is_union_all(const json_t *node); /* the rows of its left side, and those of its right */

/* A star of this SELECT that gives the columns of the leaf. */
bool ptn_scan_is_star_of(const json_t *item, const ptn_scan_leaf *from);
/* The leaf has one more column; the stars of this SELECT go on as if it had not. */
void ptn_scan_hide_from_stars(ptn_survey *s, json_t *node, const ptn_scan_leaf *from, const char *name);

#endif
