#ifndef PTN_DRAFT_H
#define PTN_DRAFT_H

/* patron new: looks at data and drafts a project over it. Nothing is copied, nothing is changed.
 *
 * What was given becomes tables: a file, files of a folder that have the same columns, a table of a database. Of each table
 * every column is looked at (draft_looks.h): a sample says how its values are written, the whole says how many there are
 * and how many differ. From that evidence, with the names of columns as a weak hint, parts are given to columns
 * (draft_ledger.h, draft_people.h). The SELECT that follows is bound as a build would bind it, and every row is counted
 * through it: what is said of the data is what a build will find. */

#include <stdbool.h>
#include <stdint.h>

#include "store.h"

enum {
    PTN_DRAFT_GIVEN_MAX = 8,   /* files, folders, databases in one call */
    PTN_DRAFT_TABLES_MAX = 40, /* more are left out, and said to be */
    PTN_DRAFT_COLUMNS_MAX = 300
};

typedef enum ptn_draft_kind { PTN_DRAFT_CSV, PTN_DRAFT_PARQUET, PTN_DRAFT_JSON, PTN_DRAFT_EXCEL, PTN_DRAFT_DATABASE } ptn_draft_kind;

/* How a number is written. */
typedef enum ptn_number_form {
    PTN_NUMBER_NONE,
    PTN_NUMBER_PLAIN, /* -1234.50 */
    PTN_NUMBER_POINT, /* decimal point, and commas, blanks, signs or brackets to be taken out: £1,234.50 */
    PTN_NUMBER_COMMA  /* decimal comma: 1.234,50 */
} ptn_number_form;

/* How a moment is written. */
typedef enum ptn_moment_form {
    PTN_MOMENT_NONE,
    PTN_MOMENT_TYPED,   /* the column is a date or a timestamp */
    PTN_MOMENT_ISO,     /* text that DuckDB reads: 2011-12-09 12:50, with or without a zone */
    PTN_MOMENT_FORMAT,  /* text in the formats that `format` lists */
    PTN_MOMENT_MIXED,   /* one or the other */
    PTN_MOMENT_SECONDS, /* since 1970 */
    PTN_MOMENT_MILLISECONDS
} ptn_moment_form;

typedef enum ptn_day_order { PTN_DAYS_NONE, PTN_DAYS_DAY_FIRST, PTN_DAYS_MONTH_FIRST, PTN_DAYS_EITHER } ptn_day_order;

/* What the sample says of a column: how many of the values seen are of each kind. */
typedef struct ptn_looks {
    double seen, different;   /* cells with a value, and how many values differ */
    double plain, moneylike, whole, negative, brackets, zeros_first, marked, odd; /* as numbers; odd: signs, letters, blanks */
    double comma_end, comma_three, point_end, point_three, comma_last, point_last; /* where commas and points stand */
    double iso, zoned, timed, days, first_over, second_over, over_both, long_year, year_first, compact, seconds, milliseconds; /* as moments */
    double month_name, name_first, long_month;
    double email, phone, code, truth, letters, blanks, lower_bits; /* as text */
    double least, most; /* of the numbers */
    char separator[8], tail[40], sign[8], common[80]; /* the commonest; tail: what follows a date, digits as 9 */
    double common_share, middle_length;
} ptn_looks;

typedef struct ptn_draft_column {
    char *name, *type;        /* as DuckDB has them */
    double filled, different; /* of the whole: rows with a value; about how many values differ */
    double days;              /* about how many pairs of a value and a day there are; 0 when not asked */
    ptn_looks looks;
    ptn_number_form number;
    ptn_moment_form moment;
    ptn_day_order order;
    char format[200]; /* formats of strptime as SQL: '%d/%m/%Y', or ['%d/%m/%Y', '%d/%m/%y'] */
    char order_why[160]; /* what decided between day/month and month/day */
} ptn_draft_column;

typedef enum ptn_sure { PTN_SURE_YES, PTN_SURE_LOOK, PTN_SURE_NOT } ptn_sure;

/* One line of the table that is shown: which part, taken from what, because of what. */
typedef struct ptn_guess {
    char part[32];
    char taken[200];
    char because[240];
    ptn_sure sure;
} ptn_guess;

/* A column of the stream and the SQL that gives it. */
typedef struct ptn_draft_part {
    const char *name; /* occurred_at */
    char *sql;        /* strptime(placed, '%d/%m/%Y') */
    char *note;       /* a comment behind it, or NULL */
} ptn_draft_part;

enum { PTN_GUESSES_MAX = 16, PTN_PARTS_MAX = 24, PTN_NOTES_MAX = 24 };

/* Something to know, and what to do about it. */
typedef struct ptn_draft_note {
    char text[400];
} ptn_draft_note;

/* What a build will find: every row read through the drafted SELECT. */
typedef struct ptn_draft_counts {
    bool known;
    int64_t rows, nobody, people, no_date, no_amount, off_sign, ahead, below, repeated, in_two_files, currencies;
    char first_day[16], last_day[16];                            /* 2009-12-01 */
    char money[40], repeated_money[40], in_two_files_money[40]; /* 54,228.42; empty when in several currencies */
    char date_such_as[80], amount_such_as[80];
} ptn_draft_counts;

typedef struct ptn_draft_table {
    ptn_draft_kind kind;
    char *label;   /* orders.csv, all of data as one pattern, crm.orders: as it is called in words */
    char *stem;    /* from which the source's name is made */
    char **files;  /* absolute; empty for a table of a database */
    unsigned file_count;
    char *pattern; /* absolute, when one pattern names just these files; or NULL */
    char *table;   /* quoted, for a table of a database: crm.main.orders */

    /* of CSV files */
    char delimiter[8], quote[8], escape[8];
    const char *encoding; /* utf-8, utf-16, latin-1 */
    int skip;
    bool header;
    bool outspoken;           /* DuckDB sees other columns by itself: all of this stands in the SELECT */
    bool quotes_late;         /* quotes stand further down than DuckDB looks */
    int64_t bytes;            /* of all files */
    int64_t longest_line;     /* in bytes */
    bool ragged;              /* lines have fewer fields than the first */
    bool text_only;           /* every column is read as text: a value needs a hand before it is a number or a date */
    bool other_orders;        /* the files have the same columns in other orders */

    int64_t rows;
    double sampled; /* rows looked at closely; `rows` when that was all of them */
    ptn_draft_column *columns;
    unsigned column_count, columns_left_out;

    const char *stream; /* ledger, people, rates; NULL: left out */
    char why_not[512];  /* why it was left out */
    char source[64];    /* sources/<source>.sql */
    ptn_guess guesses[PTN_GUESSES_MAX];
    unsigned guess_count;
    int customer_guess, moment_guess, sign_guess; /* whose reasons wait for the counts; -1: none */
    char borne_out[160];            /* what else says that rows below 0 are returns */
    ptn_draft_part parts[PTN_PARTS_MAX];
    unsigned part_count;
    bool used[PTN_DRAFT_COLUMNS_MAX]; /* taken by a part: the others are kept as text */
    char *filter;     /* behind WHERE, or NULL */
    char *filter_note;
    char *sql;        /* the source as it will be written */
    char *sql_anywhere; /* the same with absolute file names */
    int key;          /* the column that names customers; -1: none */
    ptn_draft_counts counts;
    bool cannot_build; /* a build would stop: more rows in quarantine than the limit */
} ptn_draft_table;

typedef struct ptn_draft_options {
    const char *given[PTN_DRAFT_GIVEN_MAX];
    unsigned given_count;
    const char *name, *out, *customer, *occurred_at, *amount, *currency, *dates; /* NULL: not said; dates: dmy or mdy */
} ptn_draft_options;

typedef struct ptn_draft {
    char *name, *dir;   /* of the project; dir is absolute */
    char *shown_dir;    /* as a user would type it */
    ptn_draft_table *tables;
    unsigned table_count;
    char *database, *dsn, *database_type; /* of an attached database, or NULL */
    bool dsn_secret;    /* it stays out of patron.yaml: ${...} instead */
    char currency[4];   /* decided by --currency or clear evidence; empty: to be asked */
    char currency_hint[4]; /* what to propose; may be empty */
    char currency_why[160];
    ptn_draft_note notes[PTN_NOTES_MAX];
    unsigned note_count;
    unsigned yaml_lines;
    bool has_costs, cannot_build;
    double seconds;
    ptn_store *store;
} ptn_draft;

/* Looks, decides, drafts, counts; writes nothing. on_look (may be NULL) is called before a table is read.
 * E520 not data that can be read, E521 a part that no column can play, E522 dates that can be read two ways,
 * E523 a column named in an option that there is not, E524 there is a project already. */
patron_status ptn_draft_look(const ptn_draft_options *options, void (*on_look)(const ptn_draft_table *table), ptn_draft *out,
                             ptn_problem *problem);

/* Once the currency is settled: what is worth knowing, and what to do about it. */
patron_status ptn_draft_notes(ptn_draft *draft, ptn_problem *problem);

/* Writes patron.yaml and sources/. E524, or E401 when it cannot; what was written is then taken back. */
patron_status ptn_draft_write(ptn_draft *draft, ptn_problem *problem);

void ptn_draft_free(ptn_draft *draft); /* a zeroed one is fine */

/* ---- among the files of draft_ ---- */

/* A line of the shown table. */
void ptn_draft_say(ptn_draft_table *table, const char *part, const char *taken, ptn_sure sure, const char *because, ...)
    __attribute__((format(printf, 5, 6)));
void ptn_draft_note_add(ptn_draft *draft, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* 1,044,847 */
const char *ptn_draft_count_text(double count, char *out, size_t size);
/* A part of the stream; takes over the texts, either of which may be NULL. */
void ptn_draft_part_add(ptn_draft_table *table, const char *name, char *sql, char *note);

#endif
