/* patron help: the table of verbs, one verb, or the streams. */
#include <stdio.h>
#include <string.h>

#include "manual.h"
#include "paint.h"
#include "paint_table.h"
#include "patron.h"
#include "streams.h"
#include "verb.h"

static void all_verbs(void)
{
    static const char *const groups[] = {"Start", "Look", "Decide", "People", "Share", "More"};
    printf("patron %s: what each customer is worth, and why\n", PATRON_VERSION);
    for (unsigned g = 0; g < sizeof groups / sizeof *groups; g++) {
        const char *heading = groups[g];
        for (const verb *v = verbs; v->name; v++) {
            if (strcmp(v->group, groups[g]) != 0)
                continue;
            printf("  %-7s %-11s %s\n", heading, v->name, v->summary);
            heading = "";
        }
    }
    printf("Every verb takes --help. Reads sources/; writes .patron/ only, never your data.\n");
}

/* "--as-of DATE"; where only a few words will do and they would not fit, "--by WHAT" and the words behind the meaning. */
static void one_option(const verb_option *o)
{
    char label[64];
    ptn_text text = {0};
    const bool fits = !o->value || strlen(o->name) + strlen(o->value) < 20;
    snprintf(label, sizeof label, "    %s %s", o->name, !o->value ? "" : fits ? o->value : "WHAT");
    ptn_text_add(&text, o->meaning);
    for (const char *word = fits ? "" : o->value; *word;) {
        const size_t length = strcspn(word, "|,");
        ptn_text_addf(&text, "%s%.*s", word == o->value ? ": " : word[length] ? ", " : " or ", (int)length, word);
        word += length + (word[length] != '\0');
    }
    paint_paragraph(stdout, label, 25, ptn_text_str(&text));
    ptn_text_free(&text);
}

/* Sentences are wrapped; examples, which are indented, stand as they are. */
static void notes(const char *text)
{
    char line[512];
    while (*text) {
        const size_t length = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        if (line[0] == ' ')
            printf("%s\n", line);
        else
            paint_paragraph(stdout, "", 0, line);
        text += length + (text[length] == '\n');
    }
}

static void one_verb(const verb *v)
{
    printf("%s: %s\n\n  %s\n", v->name, v->summary, v->usage);
    for (const verb_option *o = v->options; o->name; o++)
        one_option(o);
    if (v->notes[0]) {
        putchar('\n');
        notes(v->notes);
    }
}

static void one_stream(const ptn_stream *stream)
{
    char label[64];
    printf("-- stream: %s      %s\n", stream->name, stream->meaning);
    for (unsigned i = 0; i < stream->column_count; i++) {
        const ptn_column *column = &stream->columns[i];
        snprintf(label, sizeof label, "  %-12s %s", column->name, column->required ? "required" : "");
        paint_paragraph(stdout, label, 24, column->meaning);
    }
    printf("  any other column is kept as text\n");
}

int run_help(int argc, char **argv)
{
    const verb *self = verb_find("help");
    verb_arguments given;
    if (!verb_parse(self, argc, argv, 2, &given))
        return EXIT_WRONG_USE;
    if (verb_value(self, &given, "--man")) {
        manual_print();
        return EXIT_FINE;
    }
    if (given.rest_count == 0) {
        all_verbs();
        return EXIT_FINE;
    }
    if (strcmp(given.rest[0], "streams") == 0) {
        const ptn_stream *stream = given.rest[1] ? ptn_stream_find(given.rest[1]) : NULL;
        if (given.rest[1] && !stream) {
            const char *names[32];
            for (unsigned i = 0; i < ptn_stream_count; i++)
                names[i] = ptn_streams[i].name;
            const char *near = ptn_nearest(given.rest[1], names, ptn_stream_count);
            fprintf(stderr, "patron help: no stream \"%s\"", given.rest[1]);
            if (near)
                fprintf(stderr, "; did you mean \"%s\"?", near);
            fprintf(stderr, "\n  patron help streams   lists them\n");
            return EXIT_WRONG_USE;
        }
        for (unsigned i = 0; i < ptn_stream_count; i++) {
            if (stream && stream != &ptn_streams[i])
                continue;
            if (!stream && i)
                putchar('\n');
            one_stream(&ptn_streams[i]);
        }
        return EXIT_FINE;
    }
    const verb *v = verb_find(given.rest[0]);
    if (!v)
        return verb_unknown(given.rest[0], "streams");
    one_verb(v);
    return EXIT_FINE;
}
