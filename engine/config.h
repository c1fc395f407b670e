#ifndef PTN_CONFIG_H
#define PTN_CONFIG_H

/* patron.yaml: what a project says about itself. Read once, never changed.
 *
 * Faults: those of settings.h, and E105: a dsn refers to an environment variable that is not set. */

#include <stdbool.h>
#include <stddef.h>

#include "problem.h"

enum {
    PTN_NAME_MAX = 100, /* bytes of a project's name */
    PTN_WORD_MAX = 63,  /* bytes of the name of a model or database */
    PTN_HORIZONS_MAX = 12,
    PTN_CURVE_MAX = 40,
    PTN_MODELS_MAX = 32,
    PTN_ATTACH_MAX = 32,
    PTN_LIMITS_MAX = 12
};

/* A length of time as people write it: 90d, 12w, 6m, 1y. One of days and months is 0: a month has no
 * number of days until one knows where it starts. */
typedef struct ptn_period {
    char text[16]; /* as written */
    int days;      /* d 1, w 7 */
    int months;    /* calendar months: m 1, y 12 */
} ptn_period;

/* One stretch of a discount curve. */
typedef struct ptn_discount {
    char name[PTN_WORD_MAX + 1]; /* for the report; may be empty */
    bool has_until;              /* false only for the last one: it goes on for ever */
    ptn_period until;            /* from as_of; starts where the one before ends */
    double rate;                 /* a year; 0.10 is 10 % */
} ptn_discount;

typedef enum ptn_time_unit { PTN_UNIT_DAY } ptn_time_unit;
typedef enum ptn_duplicates { PTN_DUPLICATES_KEEP, PTN_DUPLICATES_DROP } ptn_duplicates;
typedef enum ptn_season { PTN_SEASON_AUTO, PTN_SEASON_ON, PTN_SEASON_OFF } ptn_season;
typedef enum ptn_prior { PTN_PRIOR_WEAK, PTN_PRIOR_NONE } ptn_prior;
typedef enum ptn_attach_type {
    PTN_ATTACH_POSTGRES,
    PTN_ATTACH_SQLITE,
    PTN_ATTACH_MYSQL,
    PTN_ATTACH_DUCKDB
} ptn_attach_type;

typedef struct ptn_model_name {
    char name[PTN_WORD_MAX + 1]; /* as written; the table of models says whether there is one */
    int line, column;            /* in patron.yaml */
} ptn_model_name;

typedef struct ptn_attachment {
    char name[PTN_WORD_MAX + 1]; /* what sources call it: crm.tickets */
    ptn_attach_type type;
    /* Where the database is; a file (sqlite, duckdb) is relative to the project's folder. A secret once
     * ${NAME} is replaced: never in a message, log or table. */
    char *dsn;
    int line, column;
} ptn_attachment;

typedef struct ptn_limit_horizon {
    ptn_period period;
    int line, column; /* in patron.yaml */
} ptn_limit_horizon;

/* What `patron check` holds the untouched days to. 0: no such limit. Nothing that is built depends on it. */
typedef struct ptn_limits {
    ptn_limit_horizon horizons[PTN_HORIZONS_MAX];
    unsigned horizon_count;   /* 0: every one */
    double total_within;      /* purchases, and sales after returns: how far off, as a share of what came */
    double buyers_within;     /* the same of the customers who bought */
    double held_within;       /* repeat buyers in the middle 8 tenths of their range: how far from 0.8 */
    unsigned beats_same_rate; /* 1: its log score must be above that of "same rate" */
} ptn_limits;

typedef struct ptn_config {
    char name[PTN_NAME_MAX + 1]; /* default: the name of the project's folder */
    char currency[4];            /* ISO 4217; all money is in it */
    char as_of[11];              /* YYYY-MM-DD; empty: the last day of the ledger that is not after today */
    ptn_period horizons[PTN_HORIZONS_MAX]; /* in the order written, no two alike; default 90d, 1y */
    unsigned horizon_count;
    bool has_discount_rate; /* false: the default, 0.10 */
    double discount_rate;   /* a year, above -1; used when discount_count is 0 */
    ptn_discount discount_curve[PTN_CURVE_MAX];
    unsigned discount_count;
    bool has_margin;
    double margin; /* share of revenue, -1 to 1; only when there are no cost rows */
    ptn_time_unit time_unit;
    ptn_duplicates duplicates;
    double quarantine_limit; /* share of rows, and of absolute money, of a source, 0 to 1; default 0.01 */
    ptn_model_name models[PTN_MODELS_MAX];
    unsigned model_count; /* 0: all (auto) */
    ptn_season season;
    ptn_prior prior;
    char locale[16]; /* en_GB: how people see numbers and dates */
    ptn_attachment attach[PTN_ATTACH_MAX];
    unsigned attach_count;
    ptn_limits limits[PTN_LIMITS_MAX]; /* the key `check` */
    unsigned limit_count;
} ptn_config;

/* The file at `path`, relative to the process's folder. Messages give the file's own name, as they do for
 * other files of the project. */
patron_status ptn_config_load(const char *path, ptn_config *out, ptn_problem *problem);
/* The text of one; `name` stays empty when the text has none. */
patron_status ptn_config_parse(const char *text, size_t length, const char *name_for_messages,
                               ptn_config *out, ptn_problem *problem);
/* Name, currency and locale alone, for who only reads what was published: the rest of the file may be half written, and its
 * secrets absent. What cannot be read is as it is by default; currency is then empty. */
void ptn_config_glance(const char *path, ptn_config *out);
/* The same with `horizons` and `check`, whose faults count, and those of the file: a limit that is misspelt must not be none. */
patron_status ptn_config_read_limits(const char *path, ptn_config *out, ptn_problem *problem);
void ptn_config_free(ptn_config *config); /* overwrites the secrets; a zeroed one is fine */

/* "postgres": as in patron.yaml, and in DuckDB's ATTACH. */
const char *ptn_attach_type_word(ptn_attach_type type);

#endif
