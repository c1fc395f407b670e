#ifndef PATRON_VERB_H
#define PATRON_VERB_H

/* The verbs of the command: one file each, one row each in the table of main.c. */

#include <stdbool.h>
#include <stddef.h>

typedef struct verb_option {
    const char *name;     /* --as-of */
    /* DATE, or NULL for a switch. Words in small letters are all there are: "month|day", one of them; "identity,value", one or
     * more. verb_parse checks them, and completion offers them. */
    const char *value;
    const char *meaning;
} verb_option;

typedef struct verb {
    const char *name;
    const char *group;   /* the heading it stands under in `patron help` */
    const char *summary; /* one line */
    const char *usage;   /* patron build [DIR] [options] */
    const verb_option *options; /* ends with a row of NULLs */
    const char *notes;   /* examples and exit codes, shown below the options */
    int (*run)(int argc, char **argv); /* argv[0] is the verb */
} verb;

extern const verb verbs[]; /* ends with a row of NULLs */

/* What was given after a verb: values of its options by name, and the rest in order. */
typedef struct verb_arguments {
    const char *values[16]; /* of the verb's options in order: the value, or "" for a switch that is set */
    const char *rest[8];
    unsigned rest_count;
} verb_arguments;

/* Sorts argv into options and the rest; says on stderr what cannot be understood, with the nearest option. False: wrong
 * use. most_rest: how many other words the verb takes. */
bool verb_parse(const verb *of, int argc, char **argv, unsigned most_rest, verb_arguments *out);
const char *verb_value(const verb *of, const verb_arguments *arguments, const char *name); /* NULL when not given */

const verb *verb_find(const char *name);
int verb_unknown(const char *name, const char *also); /* says so, with the nearest of the verbs and `also` (may be NULL) */

/* " shop", as a folder was given (quoted where a shell needs it), or "": for commands in messages. */
enum { VERB_DIR_SIZE = 2 * 4096 };
void verb_dir_words(const char *dir, char *out, size_t size);

/* The words of an option that takes one of a few: how many, and where each stands in `option->value`. 0: it takes anything. */
typedef struct verb_choice {
    const char *word;
    int length;
} verb_choice;
unsigned verb_choices(const verb_option *option, verb_choice *out, unsigned most);

int run_build(int argc, char **argv);
int run_check(int argc, char **argv);
int run_completion(int argc, char **argv);
int run_diff(int argc, char **argv);
int run_doctor(int argc, char **argv);
int run_help(int argc, char **argv);
int run_models(int argc, char **argv);
int run_new(int argc, char **argv);
int run_reconcile(int argc, char **argv);
int run_report(int argc, char **argv);
int run_show(int argc, char **argv);
int run_sql(int argc, char **argv);

#endif
