#ifndef PATRON_PAINT_H
#define PATRON_PAINT_H

/* How patron writes to people: marks, colour, numbers. Colour only on a mark and always with a word; NO_COLOR,
 * TERM=dumb and pipes switch it off; a terminal that is not UTF-8 gets plain marks. */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "problem.h"

typedef enum paint_mark { MARK_OK, MARK_WARN, MARK_FAIL, MARK_OFF } paint_mark;

bool paint_is_terminal(FILE *file);
bool paint_is_utf8(void);
void paint_always_utf8(bool on); /* for words that go into a file, whatever the terminal is */
const char *paint_mark_text(FILE *file, paint_mark mark); /* "✓" with its colour when the file is a terminal */

const char *paint_minus(void); /* − */

/* 1,044,847; -158,676.14 from exact decimal text, as the locale writes it. Returns `out`. */
const char *paint_count(int64_t value, char *out, size_t size);
const char *paint_amount(const char *decimal, char *out, size_t size);
const char *paint_cents(const char *decimal, const char *currency, char *out, size_t size); /* £1,204.50 */

const char *paint_symbol(const char *currency); /* £ for GBP; NULL where there is none, or the terminal has not got it */

/* An estimate, with two significant digits: £8.4m, £640, EUR 12k, 8,4 Mio. €. */
const char *paint_money(double amount, const char *currency, int digits, char *out, size_t size); /* with so many digits */
const char *paint_estimate(double amount, const char *currency, char *out, size_t size);

/* "a year", "26 weeks", "90 days". */
const char *paint_days(int days, char *out, size_t size);

void paint_problem(const ptn_problem *problem); /* to stderr, in five parts */

/* Exit codes of every verb. */
enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_WRONG_USE = 2 };

#endif
