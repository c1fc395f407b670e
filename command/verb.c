#include "verb.h"

#include <stdio.h>
#include <string.h>

#include "paint.h"
#include "text.h"

enum { VERB_CHOICES_MAX = 16 };

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

/* record, identify or value; for a list of words also what two of them look like. */
static void tell_choices(const verb_option *option, const verb_choice *choices, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        fprintf(stderr, "%s%.*s", i == 0 ? "" : i + 1 < count ? ", " : " or ", choices[i].length, choices[i].word);
    if (strchr(option->value, ','))
        fprintf(stderr, ", or several: %s", option->value);
    fputc('\n', stderr);
}

/* "patron build: --from "record-it": one of record, identify, ...", with the nearest. */
static bool wrong_choice(const verb *of, const verb_option *option, const char *given, const verb_choice *choices, unsigned count)
{
    char words[VERB_CHOICES_MAX][32];
    const char *names[VERB_CHOICES_MAX];
    for (unsigned i = 0; i < count; i++) {
        snprintf(words[i], sizeof words[i], "%.*s", choices[i].length, choices[i].word);
        names[i] = words[i];
    }
    fprintf(stderr, "patron %s: %s cannot be \"%s\"", of->name, option->name, given);
    const char *near = ptn_nearest(given, names, count);
    if (near)
        fprintf(stderr, "; did you mean \"%s\"?", near);
    fprintf(stderr, "\n  %s is ", option->name);
    tell_choices(option, choices, count);
    return wrong(of);
}

unsigned verb_choices(const verb_option *option, verb_choice *out, unsigned most)
{
    unsigned count = 0;
    if (!option->value || option->value[0] < 'a' || option->value[0] > 'z')
        return 0;
    for (const char *word = option->value; *word && count < most;) {
        const int length = (int)strcspn(word, "|,");
        out[count++] = (verb_choice){word, length};
        word += length + (word[length] != '\0');
    }
    return count;
}

/* Is each of the words given one that the option takes? */
static bool fits(const verb *of, const verb_option *option, const char *given)
{
    verb_choice choices[VERB_CHOICES_MAX];
    const unsigned count = verb_choices(option, choices, VERB_CHOICES_MAX);
    const bool list = option->value && strchr(option->value, ',');
    if (count == 0)
        return true;
    for (const char *word = given;;) {
        const size_t length = list ? strcspn(word, ",") : strlen(word);
        bool known = false;
        for (unsigned i = 0; i < count; i++)
            known |= (size_t)choices[i].length == length && strncmp(choices[i].word, word, length) == 0;
        if (!known) {
            char one[64];
            snprintf(one, sizeof one, "%.*s", (int)(length < 63 ? length : 63), word);
            return wrong_choice(of, option, one, choices, count);
        }
        if (!word[length])
            return true;
        word += length + 1;
    }
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
            verb_choice choices[VERB_CHOICES_MAX];
            const unsigned count = verb_choices(&of->options[at], choices, VERB_CHOICES_MAX);
            if (count > 0) {
                fprintf(stderr, "patron %s: %s needs ", of->name, word);
                tell_choices(&of->options[at], choices, count);
            } else {
                fprintf(stderr, "patron %s: %s needs a %s\n", of->name, word, of->options[at].value);
            }
            return wrong(of);
        }
        out->values[at] = !of->options[at].value ? "" : equals ? equals + 1 : argv[++i];
        if (!fits(of, &of->options[at], out->values[at]))
            return false;
    }
    return true;
}

void verb_dir_words(const char *dir, char *out, size_t size)
{
    ptn_text words = {0};
    if (dir) {
        ptn_text_add(&words, " ");
        ptn_text_add_shell_word(&words, dir);
    }
    snprintf(out, size, "%s", ptn_text_str(&words));
    ptn_text_free(&words);
}

const char *verb_value(const verb *of, const verb_arguments *arguments, const char *name)
{
    const int at = find_option(of, name, strlen(name));
    return at < 0 ? NULL : arguments->values[at];
}
