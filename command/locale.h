#ifndef PATRON_LOCALE_H
#define PATRON_LOCALE_H

/* How people see numbers, dates and money: `locale` of patron.yaml. Words stay English. The process's own locale is never set
 * or asked, so what programs read (--json, --csv) is the same everywhere. */

#include <stdbool.h>
#include <stddef.h>

typedef enum locale_date { DATE_DAY_MONTH_WORD, DATE_MONTH_WORD_DAY, DATE_DOTS, DATE_SLASHES } locale_date;

typedef struct locale_form {
    const char *name;      /* en_GB */
    const char *thousands; /* between each three digits; a narrow space where the terminal has one */
    const char *point;
    bool money_first;      /* £12, and not 12 € */
    const char *billion, *million, *thousand; /* 8.4m, 8,4 Mio. */
    locale_date date;
} locale_form;

/* From here on. false: that locale is not known, and numbers are as in the nearest: the same language, or else en_GB. */
bool locale_use(const char *name);
const locale_form *locale_now(void);

/* "1,044,847 lines and 0.5 %" of the store's own words, as the locale writes it. Returns `out`. */
const char *locale_words(const char *text, char *out, size_t size);

/* 30 Jun 2026 from 2026-06-30. Text that is no such day is given as it is. */
const char *locale_day(const char *day, char *out, size_t size);
const char *locale_short_day(const char *day, char *out, size_t size); /* without the year */
const char *locale_month(const char *day, char *out, size_t size);     /* Jun 2026 */

#endif
