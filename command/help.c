/* patron help: the table of verbs, one verb, or the streams. */
#include <stdio.h>
#include <string.h>

#include "paint.h"
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
    const bool fits = !o->value || strlen(o->name) + strlen(o->value) < 20;
    snprintf(label, sizeof label, "%s %s", o->name, !o->value ? "" : fits ? o->value : "WHAT");
    printf("    %-20s %s", label, o->meaning);
    for (const char *word = fits ? "" : o->value; *word;) {
        const size_t length = strcspn(word, "|,");
        printf("%s%.*s", word == o->value ? " " : word[length] ? ", " : " or ", (int)length, word);
        word += length + (word[length] != '\0');
    }
    putchar('\n');
}

static void one_verb(const verb *v)
{
    printf("%s: %s\n\n  %s\n", v->name, v->summary, v->usage);
    for (const verb_option *o = v->options; o->name; o++)
        one_option(o);
    if (v->notes[0])
        printf("\n%s\n", v->notes);
}

static void one_stream(const ptn_stream *stream)
{
    printf("-- stream: %s      %s\n", stream->name, stream->meaning);
    for (unsigned i = 0; i < stream->column_count; i++) {
        const ptn_column *column = &stream->columns[i];
        printf("  %-12s %-8s %s\n", column->name, column->required ? "required" : "", column->meaning);
    }
    printf("  any other column is kept as text\n");
}

int run_help(int argc, char **argv)
{
    if (argc < 2) {
        all_verbs();
        return EXIT_FINE;
    }
    if (strcmp(argv[1], "streams") == 0) {
        const ptn_stream *stream = argc > 2 ? ptn_stream_find(argv[2]) : NULL;
        if (argc > 2 && !stream) {
            const char *names[32];
            for (unsigned i = 0; i < ptn_stream_count; i++)
                names[i] = ptn_streams[i].name;
            const char *near = ptn_nearest(argv[2], names, ptn_stream_count);
            fprintf(stderr, "patron help: no stream \"%s\"", argv[2]);
            if (near)
                fprintf(stderr, "; did you mean \"%s\"?", near);
            fprintf(stderr, "\n  patron help streams   lists them\n");
            return EXIT_WRONG_USE;
        }
        for (unsigned i = 0; i < ptn_stream_count; i++)
            if (!stream || stream == &ptn_streams[i])
                one_stream(&ptn_streams[i]);
        return EXIT_FINE;
    }
    const verb *v = verb_find(argv[1]);
    if (!v)
        return verb_unknown(argv[1], "streams");
    one_verb(v);
    return EXIT_FINE;
}
