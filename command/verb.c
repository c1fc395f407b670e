#include "verb.h"

#include <stdio.h>
#include <string.h>

#include "paint.h"

static int find_option(const verb *of, const char *name, size_t length)
{
    for (int i = 0; of->options[i].name; i++)
        if (strlen(of->options[i].name) == length && strncmp(of->options[i].name, name, length) == 0)
            return i;
    return -1;
}

static bool wrong(const verb *of)
{
    fprintf(stderr, "  usage: %s      more: patron %s --help\n", of->usage, of->name);
    return false;
}

static bool unknown_option(const verb *of, const char *given)
{
    const char *names[16];
    unsigned count = 0;
    for (const verb_option *o = of->options; o->name && count < 16; o++)
        names[count++] = o->name;
    const char *near = ptn_nearest(given, names, count);
    fprintf(stderr, "patron %s: no option \"%s\"", of->name, given);
    if (near)
        fprintf(stderr, "; did you mean \"%s\"?", near);
    fputc('\n', stderr);
    return wrong(of);
}

bool verb_parse(const verb *of, int argc, char **argv, unsigned most_rest, verb_arguments *out)
{
    bool options_end = false;
    *out = (verb_arguments){0};
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (options_end || word[0] != '-' || word[1] == '\0') {
            if (out->rest_count == most_rest) {
                fprintf(stderr, "patron %s: \"%s\" is one word too many\n", of->name, word);
                return wrong(of);
            }
            out->rest[out->rest_count++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            options_end = true;
            continue;
        }
        const char *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
        const int at = find_option(of, word, equals ? (size_t)(equals - word) : strlen(word));
        if (at < 0)
            return unknown_option(of, word);
        if (!of->options[at].value && equals) {
            fprintf(stderr, "patron %s: %s takes no value\n", of->name, of->options[at].name);
            return wrong(of);
        }
        if (of->options[at].value && !equals && i + 1 == argc) {
            fprintf(stderr, "patron %s: %s needs a %s\n", of->name, word, of->options[at].value);
            return wrong(of);
        }
        out->values[at] = !of->options[at].value ? "" : equals ? equals + 1 : argv[++i];
    }
    return true;
}

const char *verb_value(const verb *of, const verb_arguments *arguments, const char *name)
{
    const int at = find_option(of, name, strlen(name));
    return at < 0 ? NULL : arguments->values[at];
}
