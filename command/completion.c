/* patron completion: what a shell offers after Tab, written from the table of verbs. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "paint.h"
#include "verb.h"

enum { CHOICES = 16 };

/* Does the option's value name a file or a folder? */
static bool takes_path(const verb_option *o)
{
    return o->value && (strcmp(o->value, "FILE") == 0 || strcmp(o->value, "DIR") == 0);
}

/* Files too, and not only folders, as the words after the verb. */
static bool takes_files(const verb *v)
{
    return strstr(v->usage, "FILE") != NULL;
}

static bool takes_folder(const verb *v)
{
    return strstr(v->usage, "DIR") != NULL;
}

/* The words of a usage such as "patron completion bash|zsh|fish"; empty when it names none. */
static const char *words_of(const verb *v)
{
    const char *bar = strchr(v->usage, '|');
    while (bar && bar > v->usage && islower((unsigned char)bar[-1]))
        bar--;
    return bar && islower((unsigned char)*bar) ? bar : "";
}

static void put_words(const char *words, const char *separator)
{
    for (const char *word = words; *word;) {
        const size_t length = strspn(word, "abcdefghijklmnopqrstuvwxyz_");
        printf("%s%.*s", word == words ? "" : separator, (int)length, word);
        word += length;
        if (*word != '|' && *word != ',')
            break;
        word++;
    }
}

static void put_choices(const verb_option *o)
{
    put_words(o->value, " ");
}

static bool has_choices(const verb_option *o)
{
    verb_choice choices[CHOICES];
    return verb_choices(o, choices, CHOICES) > 0;
}

static void put_verbs(const char *separator)
{
    for (const verb *v = verbs; v->name; v++)
        printf("%s%s", v == verbs ? "" : separator, v->name);
}

/* Text inside single quotes; more is also escaped by a backslash. */
static void put_quoted(const char *text, const char *more)
{
    for (; *text; text++) {
        if (*text == '\'')
            printf("'\\''");
        else if (strchr(more, *text))
            printf("\\%c", *text);
        else
            putchar(*text);
    }
}

/* ---- bash ---- */

static void bash(void)
{
    printf("# patron: completion for bash. In ~/.bashrc: source <(patron completion bash)\n"
           "_patron()\n{\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}\n"
           "    COMPREPLY=()\n"
           "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
           "        COMPREPLY=($(compgen -W '");
    put_verbs(" ");
    printf(" --help --version' -- \"$cur\"))\n        return\n    fi\n    case $verb in\n");
    for (const verb *v = verbs; v->name; v++) {
        printf("    %s)\n        case $prev in\n", v->name);
        for (const verb_option *o = v->options; o->name; o++) {
            if (has_choices(o)) {
                printf("        %s) COMPREPLY=($(compgen -W '", o->name);
                put_choices(o);
                printf("' -- \"$cur\")); return ;;\n");
            } else if (takes_path(o)) {
                printf("        %s) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n", o->name);
            } else if (o->value) {
                printf("        %s) return ;;\n", o->name);
            }
        }
        printf("        esac\n        if [[ $cur == -* ]]; then\n            COMPREPLY=($(compgen -W '");
        for (const verb_option *o = v->options; o->name; o++)
            printf("%s ", o->name);
        printf("--help' -- \"$cur\"))\n        else\n");
        if (strcmp(v->name, "help") == 0) {
            printf("            COMPREPLY=($(compgen -W '");
            put_verbs(" ");
            printf(" streams' -- \"$cur\"))\n");
        } else if (*words_of(v)) {
            printf("            COMPREPLY=($(compgen -W '");
            put_words(words_of(v), " ");
            printf("' -- \"$cur\"))\n");
        } else {
            printf("            COMPREPLY=(%s)\n", takes_files(v) ? "$(compgen -f -- \"$cur\")" : takes_folder(v) ? "$(compgen -d -- \"$cur\")" : "");
        }
        printf("        fi\n        ;;\n");
    }
    printf("    esac\n}\ncomplete -o filenames -F _patron patron\n");
}

/* ---- zsh ---- */

static void zsh(void)
{
    printf("#compdef patron\n# patron: completion for zsh. As _patron in a folder of $fpath\n"
           "_patron() {\n  local -a verbs\n  if (( CURRENT == 2 )); then\n    verbs=(\n");
    for (const verb *v = verbs; v->name; v++) {
        printf("      '%s:", v->name);
        put_quoted(v->summary, ":\\");
        printf("'\n");
    }
    printf("    )\n    _describe verb verbs\n    return\n  fi\n  local verb=$words[2]\n  shift words\n  (( CURRENT-- ))\n  case $verb in\n");
    for (const verb *v = verbs; v->name; v++) {
        printf("    %s)\n      _arguments", v->name);
        for (const verb_option *o = v->options; o->name; o++) {
            printf(" \\\n        '%s%s[", o->name, o->value && strncmp(o->name, "--", 2) == 0 ? "=" : "");
            put_quoted(o->meaning, ":[]\\");
            printf("]");
            if (has_choices(o) && strchr(o->value, ',')) {
                printf(":what:_values -s , what ");
                put_choices(o);
            } else if (has_choices(o)) {
                printf(":what:(");
                put_choices(o);
                printf(")");
            } else if (o->value) {
                printf(":%s:%s", o->value, takes_path(o) ? "_files" : "");
            }
            printf("'");
        }
        printf(" \\\n        '--help[how to use it]' \\\n        '*:");
        if (strcmp(v->name, "help") == 0) {
            printf("verb:(");
            put_verbs(" ");
            printf(" streams)'");
        } else if (*words_of(v)) {
            printf("what:(");
            put_words(words_of(v), " ");
            printf(")'");
        } else {
            printf("folder:%s'", takes_files(v) ? "_files" : takes_folder(v) ? "_files -/" : "");
        }
        printf("\n      ;;\n");
    }
    printf("  esac\n}\n_patron \"$@\"\n");
}

/* ---- fish ---- */

static void fish(void)
{
    printf("# patron: completion for fish. patron completion fish > ~/.config/fish/completions/patron.fish\n"
           "complete -c patron -f\ncomplete -c patron -l help -d 'how to use it'\n");
    for (const verb *v = verbs; v->name; v++) {
        printf("complete -c patron -n __fish_use_subcommand -a %s -d '", v->name);
        put_quoted(v->summary, "");
        printf("'\n");
        for (const verb_option *o = v->options; o->name; o++) {
            const bool is_long = strncmp(o->name, "--", 2) == 0;
            printf("complete -c patron -n '__fish_seen_subcommand_from %s' -%c %s", v->name, is_long ? 'l' : 's', o->name + (is_long ? 2 : 1));
            if (has_choices(o)) {
                printf(" -x -a '");
                put_choices(o);
                printf("'");
            } else if (o->value) {
                printf(takes_path(o) ? " -r -F" : " -x");
            }
            printf(" -d '");
            put_quoted(o->meaning, "");
            printf("'\n");
        }
        printf("complete -c patron -n '__fish_seen_subcommand_from %s' ", v->name);
        if (strcmp(v->name, "help") == 0) {
            printf("-a '");
            put_verbs(" ");
            printf(" streams'\n");
        } else if (*words_of(v)) {
            printf("-a '");
            put_words(words_of(v), " ");
            printf("'\n");
        } else {
            printf("%s\n", takes_files(v) ? "-F" : takes_folder(v) ? "-a '(__fish_complete_directories)'" : "-f");
        }
    }
}

int run_completion(int argc, char **argv)
{
    static const char *const names[] = {"bash", "zsh", "fish"};
    static void (*const write[])(void) = {bash, zsh, fish};
    const verb *self = verb_find("completion");
    verb_arguments given;
    if (!verb_parse(self, argc, argv, 1, &given))
        return EXIT_WRONG_USE;
    for (unsigned i = 0; i < 3 && given.rest_count; i++)
        if (strcmp(given.rest[0], names[i]) == 0) {
            write[i]();
            return EXIT_FINE;
        }
    const char *near = given.rest_count ? ptn_nearest(given.rest[0], names, 3) : NULL;
    fprintf(stderr, given.rest_count ? "patron completion: no shell \"%s\"" : "patron completion: for which shell?%s", given.rest_count ? given.rest[0] : "");
    if (near)
        fprintf(stderr, "; did you mean \"%s\"?", near);
    fprintf(stderr, "\n  usage: %s\n", self->usage);
    return EXIT_WRONG_USE;
}
