#include "problem.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

/* A message is cut to its field, between characters: half of one prints as rubbish. */
static void print_into(char *out, size_t size, const char *format, va_list arguments)
{
    const int wanted = vsnprintf(out, size, format, arguments);
    if (wanted < 0)
        out[0] = '\0';
    else if ((size_t)wanted >= size)
        ptn_text_whole(out);
}

patron_status ptn_problem_set(ptn_problem *problem, patron_status status, const char *code, const char *what,
                              ...)
{
    /* An argument may point into the problem itself, as when one fault is told as part of another. */
    char line[sizeof problem->what];
    va_list arguments;
    va_start(arguments, what);
    print_into(line, sizeof line, what, arguments);
    va_end(arguments);
    char short_code[sizeof problem->code];
    snprintf(short_code, sizeof short_code, "%s", code);

    memset(problem, 0, sizeof *problem);
    problem->status = status;
    strcpy(problem->code, short_code);
    strcpy(problem->what, line);
    return status;
}

patron_status ptn_out_of_memory(ptn_problem *problem)
{
    return ptn_problem_set(problem, PATRON_ENOMEM, "E402", "out of memory");
}

/* One function a part, all alike: only the field differs. */
#define WRITES_PART(part)                                                                                    \
    void ptn_problem_##part(ptn_problem *problem, const char *format, ...)                                   \
    {                                                                                                        \
        char line[sizeof problem->part];                                                                     \
        va_list arguments;                                                                                   \
        va_start(arguments, format);                                                                         \
        print_into(line, sizeof line, format, arguments);                                                    \
        va_end(arguments);                                                                                   \
        strcpy(problem->part, line);                                                                         \
    }

WRITES_PART(where)
WRITES_PART(why)
WRITES_PART(so)
WRITES_PART(fix)
WRITES_PART(more)

/* ---- excerpt ---- */

/* Columns of a terminal; a longer line is shown around the caret. */
enum { EXCERPT_COLUMNS = 100 };

/* A line ends at LF, CR LF or a lone CR, as editors count. */
static const char *line_end(const char *line)
{
    return line + strcspn(line, "\r\n");
}

static const char *line_start(const char *text, int line)
{
    while (line > 1) {
        const char *end = line_end(text);
        if (*end == '\0')
            return NULL;
        text = end + (end[0] == '\r' && end[1] == '\n' ? 2 : 1);
        line--;
    }
    return text;
}

static bool continues_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

void ptn_problem_excerpt(ptn_problem *problem, const char *text, int line, int column, int width)
{
    problem->excerpt[0] = '\0';
    const char *start = line < 1 ? NULL : line_start(text, line);
    if (!start)
        return;
    const char *end = line_end(start);

    /* Columns count characters, not bytes. */
    long characters = 0;
    for (const char *at = start; at < end; at++)
        characters += !continues_character(*at);
    const long caret = column < 1 ? 1 : column > characters + 1 ? characters + 1 : column;
    const long first = caret > EXCERPT_COLUMNS * 3 / 4 ? caret - EXCERPT_COLUMNS / 2 : 1;
    const long last = characters - first >= EXCERPT_COLUMNS ? first + EXCERPT_COLUMNS - 1 : characters;

    char *const out = problem->excerpt;
    const size_t size = sizeof problem->excerpt;
    size_t used = 0;
    const int gutter = snprintf(out, size, "%d | %s", line, first > 1 ? "..." : "");
    used = (size_t)gutter;
    long seen = 0;
    for (const char *at = start; at < end; at++) {
        seen += !continues_character(*at);
        if (seen < first || seen > last)
            continue;
        /* A tab would move the caret, another control character the terminal. At most 4 bytes a character are
         * kept: what is not UTF-8 may have any number of continuing bytes. */
        if (used < size / 2)
            out[used++] = (unsigned char)*at < ' ' || *at == 0x7F ? ' ' : *at;
    }
    used += (size_t)snprintf(out + used, size - used, "%s\n", last < characters ? "..." : "");
    for (long i = 0; i < gutter + caret - first && used < size - 2; i++)
        out[used++] = ' ';
    long carets = width < 1 ? 1 : width;
    if (caret + carets - 1 > last)
        carets = last - caret + 1;
    if (carets < 1)
        carets = 1; /* just past the end of the line: where something is missing */
    while (carets-- > 0 && used < size - 1)
        out[used++] = '^';
    out[used] = '\0';
}

void ptn_problem_point(ptn_problem *problem, const char *name, const char *text, size_t offset, int width)
{
    int line = 1, column = 1;
    for (const char *at = text; *at && at < text + offset; at++) {
        column += !continues_character(*at);
        if (*at == '\n' || (*at == '\r' && at[1] != '\n')) {
            line++;
            column = 1;
        }
    }
    ptn_problem_where(problem, "%s:%d:%d", name, line, column);
    ptn_problem_excerpt(problem, text, line, column, width);
}

/* ---- nearest ---- */

/* A longer word is nobody's typing error. */
enum { WORD_MAX = 63 };

static unsigned smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Damerau-Levenshtein (optimal string alignment): insert, delete, replace, or swap two neighbours. Case is
 * ignored. */
static unsigned edit_distance(const char *a, const char *b)
{
    const size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > WORD_MAX || b_length > WORD_MAX)
        return UINT_MAX;
    unsigned rows[3][WORD_MAX + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];
    for (unsigned j = 0; j <= b_length; j++)
        above[j] = j;
    for (unsigned i = 1; i <= a_length; i++) {
        row[0] = i;
        const int a_here = tolower((unsigned char)a[i - 1]);
        for (unsigned j = 1; j <= b_length; j++) {
            const int b_here = tolower((unsigned char)b[j - 1]);
            row[j] = smaller(smaller(above[j] + 1, row[j - 1] + 1), above[j - 1] + (a_here != b_here));
            if (i > 1 && j > 1 && a_here == tolower((unsigned char)b[j - 2])
                && b_here == tolower((unsigned char)a[i - 2]))
                row[j] = smaller(row[j], before[j - 2] + 1);
        }
        unsigned *const reused = before;
        before = above;
        above = row;
        row = reused;
    }
    return above[b_length];
}

const char *ptn_nearest(const char *word, const char *const *names, unsigned count)
{
    const size_t length = strlen(word);
    const unsigned close = length / 4 >= 2 ? 3 : 1 + (unsigned)(length / 4);
    const char *best = NULL;
    unsigned best_distance = close + 1;
    for (unsigned i = 0; i < count; i++) {
        const unsigned distance = edit_distance(word, names[i]);
        /* Something of the word must remain: "ab" is not a way to write "x". */
        if (distance < best_distance && distance < length) {
            best = names[i];
            best_distance = distance;
        }
    }
    return best;
}
