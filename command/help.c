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

static void one_verb(const verb *v)
{
    printf("%s: %s\n\n  %s\n", v->name, v->summary, v->usage);
    for (const verb_option *o = v->options; o->name; o++) {
        char label[40];
        snprintf(label, sizeof label, "%s %s", o->name, o->value ? o->value : "");
        printf("    %-20s %s\n", label, o->meaning);
    }
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
            fprintf(stderr, "patron help: no stream \"%s\"\n", argv[2]);
            return EXIT_WRONG_USE;
        }
        for (unsigned i = 0; i < ptn_stream_count; i++)
            if (!stream || stream == &ptn_streams[i])
                one_stream(&ptn_streams[i]);
        return EXIT_FINE;
    }
    const verb *v = verb_find(argv[1]);
    if (!v) {
        fprintf(stderr, "patron help: no verb \"%s\"\n", argv[1]);
        return EXIT_WRONG_USE;
    }
    one_verb(v);
    return EXIT_FINE;
}
