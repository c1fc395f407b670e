#ifndef PATRON_PAINT_TABLE_H
#define PATRON_PAINT_TABLE_H

/* Numbers in columns, and text below them, in 80 to 100 columns. Widths are of characters, not bytes. */

#include <stdio.h>

#include "text.h"

int paint_width(const char *text); /* in characters */
int paint_columns(FILE *file);     /* of the terminal, between 80 and 100; 80 where there is none */

/* Adds text to a line, in a field of so many characters; longer text is not cut. */
void paint_left(ptn_text *line, const char *text, int width);
void paint_right(ptn_text *line, const char *text, int width);
void paint_line(FILE *file, ptn_text *line); /* writes it without spaces at its end, and clears it */

/* A paragraph behind a first word, indented by so many characters, wrapped where the terminal ends: at 80, or up to 100 where it
 * is wider. */
void paint_paragraph(FILE *file, const char *first, int indent, const char *text);

/* Adds a command to a paragraph's text: it will not be torn apart where a line ends. */
void paint_command(ptn_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* −1.6 %, +54 %: two digits, or one decimal; 999 at most. */
const char *paint_miss(double share, char *out, size_t size);

/* −1.339, as the locale writes it. */
const char *paint_decimal(double value, int decimals, char *out, size_t size);

/* 10 Jun 2011 from 2011-06-10, as the locale writes it. */
const char *paint_day(const char *day, char *out, size_t size);

#endif
