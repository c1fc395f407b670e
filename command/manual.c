/* The manual page, written from the table of verbs. */
#include "manual.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "patron.h"
#include "verb.h"

/* Text as roff reads it: a line that begins with . or ' is a request, \ begins an escape, and - is a hyphen unless told. */
static void put(const char *text)
{
    bool line_start = true;
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
        line_start = *text == '\n';
    }
}

static void put_upper(const char *text)
{
    for (; *text; text++)
        putchar(toupper((unsigned char)*text));
}

static void option(const verb_option *o)
{
    fputs(".TP\n\\fB", stdout);
    put(o->name);
    fputs("\\fR", stdout);
    if (o->value) {
        fputs(" \\fI", stdout);
        put(o->value);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    size_t length = strlen(o->meaning);
    char meaning[256];
    if (length && o->meaning[length - 1] == ':') /* in help the words follow; here they stand before */
        length--;
    snprintf(meaning, sizeof meaning, "%.*s", (int)length, o->meaning);
    put(meaning);
    putchar('\n');
}

/* Sentences are filled; examples, which are indented, stand as they are. */
static void notes(const char *text)
{
    char line[512];
    while (*text) {
        const size_t length = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        if (line[0] == ' ')
            printf(".nf\n");
        put(line);
        printf(line[0] == ' ' ? "\n.fi\n" : "\n.br\n");
        text += length + (text[length] == '\n');
    }
}

void manual_print(void)
{
    printf(".TH PATRON 1 \"\" \"patron " PATRON_VERSION "\" \"User commands\"\n.SH NAME\npatron \\- what each customer is worth, and why\n"
           ".SH SYNOPSIS\n.B patron\n\\fIverb\\fR [\\fIwords and options\\fR]\n.SH DESCRIPTION\n"
           "patron reads sources/ of a project and writes its .patron/ only, never your data. Inside a project the folder may be left out.\n"
           "Results go to standard output; progress, warnings and errors to standard error.\n.SH VERBS\n");
    for (const verb *v = verbs; v->name; v++) {
        printf(".SS ");
        put_upper(v->name);
        printf("\n");
        put(v->summary);
        printf(".\n.PP\n.B ");
        put(v->usage);
        putchar('\n');
        for (const verb_option *o = v->options; o->name; o++)
            option(o);
        if (v->notes[0]) {
            printf(".PP\n");
            notes(v->notes);
        }
    }
    printf(".SH EXIT STATUS\n.TP\n.B 0\nfine\n.TP\n.B 1\nfailed; the last good build stays\n.TP\n.B 2\nwrong use\n"
           ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colour, as in a pipe or where TERM is dumb\n"
           ".TP\n.B LC_ALL, LC_CTYPE, LANG\nwhether the terminal is UTF\\-8; marks are plain otherwise. Numbers and dates follow locale in patron.yaml\n"
           ".TP\n.B ${NAME}\nin a dsn of patron.yaml: a secret, taken from the environment\n"
           ".SH FILES\n.TP\n.I patron.yaml\nwhat a project says about itself\n.TP\n.I sources/NAME.sql\na SELECT; its first line names the stream it feeds\n"
           ".TP\n.I .patron/store.duckdb\nthe published tables; any DuckDB reads them\n"
           ".SH SEE ALSO\nduckdb(1)\n");
}
