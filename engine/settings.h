#ifndef PTN_SETTINGS_H
#define PTN_SETTINGS_H

/* A YAML file read against a table of its keys. Every fault names line and column and shows them. Only
 * settings_load.c, settings.c and settings_said.c see libyaml.
 *
 *     E101 not YAML             E102 unknown key        E103 a value that does not fit
 *     E104 a key given twice    E107 a key is missing   E106 not a text file */

#include <stdbool.h>
#include <stddef.h>

#include "problem.h"
#include "text.h"

/* Larger files are refused (E106): settings are written by hand, and libyaml keeps every node. */
#define PTN_SETTINGS_BYTES_MAX (256 * 1024)

typedef struct ptn_settings ptn_settings;
typedef struct ptn_setting ptn_setting;

typedef struct ptn_settings_key {
    const char *name;
    const char *example; /* a whole line that would do: "currency: GBP" */
    bool required;
    /* Reads the value into `target`, the caller's struct; on a fault calls ptn_setting_fault. */
    patron_status (*read)(const ptn_setting *setting, void *target);
    size_t offset;              /* of the field in `target`, for readers that serve several keys */
    const char *const *choices; /* for ptn_setting_read_choice: ends with NULL */
} ptn_settings_key;

/* A value in the file, and the key it was given for. */
struct ptn_setting {
    ptn_settings *file;
    const ptn_settings_key *key;
    const void *node;
    ptn_problem *problem;
};

/* `name` stands in messages; `text` need not end with NUL and must outlive nothing. */
patron_status ptn_settings_open(ptn_settings **out, const char *text, size_t length, const char *name,
                                ptn_problem *problem);
/* The whole file as one mapping. An empty file is a mapping without keys. */
patron_status ptn_settings_read(ptn_settings *file, const ptn_settings_key *keys, unsigned count,
                                void *target, ptn_problem *problem);
void ptn_settings_free(ptn_settings *file); /* NULL is fine */

/* Sets where and excerpt of a fault that was found when the file had been read. */
void ptn_settings_show(const ptn_settings *file, int line, int column, int width, ptn_problem *problem);
/* Adds what the file says, without how it is written (comments, quotes that change nothing), and without the keys
 * of `except`, which ends with NULL. For comparing; secrets are in it. */
void ptn_settings_say(const ptn_settings *file, const char *const *except, ptn_text *out);

/* The value as a mapping with keys of its own; `group` names it in messages: "forecast", "an entry of
 * attach". */
patron_status ptn_setting_read_mapping(const ptn_setting *setting, const char *group,
                                       const ptn_settings_key *keys, unsigned count, void *target);
/* The value as a word or number, without control characters, NUL-terminated; lives as long as the file. */
patron_status ptn_setting_text(const ptn_setting *setting, const char **out);
/* One of key->choices; its number goes to the `unsigned` at key->offset. */
patron_status ptn_setting_read_choice(const ptn_setting *setting, void *target);
/* How many items a list has. A single value counts as a list of one; an empty list is a fault, as is one
 * longer than `most`. */
patron_status ptn_setting_items(const ptn_setting *setting, unsigned most, unsigned *count);
ptn_setting ptn_setting_item(const ptn_setting *setting, unsigned index);

void ptn_setting_position(const ptn_setting *setting, int *line, int *column); /* both from 1 */

/* A fault at the value: fills what, where, the excerpt, and key->example as the fix. Returns PATRON_EDATA. */
patron_status ptn_setting_fault(const ptn_setting *setting, const char *code, const char *what, ...)
    __attribute__((format(printf, 3, 4)));
/* "currency cannot be "gb"", with the reason. */
patron_status ptn_setting_wrong(const ptn_setting *setting, const char *why, ...)
    __attribute__((format(printf, 2, 3)));
/* Moves where and excerpt of a fault to `part` of the value, as it is written in the file. */
void ptn_setting_point_at(const ptn_setting *setting, const char *part);

#endif
